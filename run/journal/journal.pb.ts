/** Made from proto/journal.proto by `npm run docs`; not written by hand. */
import type { ProtoFile } from "../../base/protobuf/index.ts";

export const JOURNAL = {
  messages: {
    StoredImage: {
      version: { id: 1, type: "string" },
      productCode: { id: 2, type: "string" },
      imageBytes: { id: 3, type: "uint64" },
      crc32: { id: 4, type: "uint32" },
      sha256: { id: 5, type: "string" },
      md5: { id: 6, type: "string" },
      securityVersion: { id: 7, type: "uint32", rule: "optional" },
      expires: { id: 8, type: "uint64", rule: "optional" },
    },
    Header: {
      schema: { id: 1, type: "string" },
      version: { id: 2, type: "string" },
      scenario: { id: 3, type: "string" },
      seed: { id: 4, type: "uint64" },
      clock: { id: 5, type: "string" },
      replay: { id: 6, type: "string" },
      onts: { id: 7, type: "uint32" },
      commit: { id: 8, type: "string" },
    },
    OltEvent: {
      ranged: { id: 1, type: "OltEvent.Ranged", oneof: "event" },
      phase: { id: 2, type: "OltEvent.Phase", oneof: "event" },
      runPhase: { id: 3, type: "OltEvent.RunPhase", oneof: "event" },
      windowSent: { id: 4, type: "OltEvent.WindowSent", oneof: "event" },
      windowAnswered: { id: 5, type: "OltEvent.WindowAnswered", oneof: "event" },
      windowDone: { id: 6, type: "OltEvent.WindowDone", oneof: "event" },
      repair: { id: 7, type: "OltEvent.Repair", oneof: "event" },
      leftGroup: { id: 8, type: "OltEvent.LeftGroup", oneof: "event" },
      retry: { id: 9, type: "OltEvent.Retry", oneof: "event" },
      dropped: { id: 10, type: "OltEvent.Dropped", oneof: "event" },
      traffic: { id: 11, type: "OltEvent.Traffic", oneof: "event" },
      command: { id: 12, type: "OltEvent.Command", oneof: "event" },
      wholeInstead: { id: 13, type: "OltEvent.WholeInstead", oneof: "event" },
    },
    "OltEvent.Ranged": {
      onuId: { id: 1, type: "sint32" },
      serial: { id: 2, type: "string" },
    },
    "OltEvent.Phase": {
      onuId: { id: 1, type: "sint32" },
      phase: { id: 2, type: "string" },
      cause: { id: 3, type: "string" },
    },
    "OltEvent.RunPhase": {
      phase: { id: 1, type: "string" },
      reason: { id: 2, type: "string" },
    },
    "OltEvent.WindowSent": {
      window: { id: 1, type: "uint32" },
      sections: { id: 2, type: "uint32" },
      paritySections: { id: 3, type: "uint32" },
      onuId: { id: 4, type: "sint32" },
    },
    "OltEvent.WindowAnswered": {
      window: { id: 1, type: "uint32" },
      answerNs: { id: 2, type: "uint64" },
      onuId: { id: 3, type: "sint32" },
    },
    "OltEvent.WindowDone": {
      window: { id: 1, type: "uint32" },
      rounds: { id: 2, type: "uint32" },
      onuId: { id: 3, type: "sint32" },
    },
    "OltEvent.Repair": {
      window: { id: 1, type: "uint32" },
      sections: { id: 2, type: "uint32" },
      paritySections: { id: 3, type: "uint32" },
      onuId: { id: 4, type: "sint32" },
      reason: { id: 5, type: "string" },
    },
    "OltEvent.LeftGroup": {
      onuId: { id: 1, type: "sint32" },
      window: { id: 2, type: "uint32" },
      cause: { id: 3, type: "string" },
    },
    "OltEvent.WholeInstead": {
      onuId: { id: 1, type: "sint32" },
      cause: { id: 2, type: "string" },
    },
    "OltEvent.Retry": {
      onuId: { id: 1, type: "sint32" },
      message: { id: 2, type: "string" },
      send: { id: 3, type: "uint32" },
    },
    "OltEvent.Dropped": {
      onuId: { id: 1, type: "sint32" },
      cause: { id: 2, type: "string" },
      count: { id: 3, type: "uint32", rule: "optional" },
    },
    "OltEvent.Command": {
      command: { id: 1, type: "string" },
      onuId: { id: 2, type: "sint32" },
      bitsPerSecond: { id: 3, type: "uint64", rule: "optional" },
      by: { id: 4, type: "string" },
      id: { id: 5, type: "string" },
      refused: { id: 6, type: "string" },
    },
    "OltEvent.Traffic": {
      fromNs: { id: 1, type: "uint64" },
      toNs: { id: 2, type: "uint64" },
      downstreamBytes: { id: 3, type: "uint64" },
      upstreamBytes: { id: 4, type: "uint64" },
    },
    OntEvent: {
      state: { id: 1, type: "OntEvent.State", oneof: "event" },
      offline: { id: 2, type: "OntEvent.Offline", oneof: "event" },
      online: { id: 3, type: "OntEvent.Online", oneof: "event" },
      bootAttempt: { id: 4, type: "OntEvent.BootAttempt", oneof: "event" },
      bootFailed: { id: 5, type: "OntEvent.BootFailed", oneof: "event" },
      fellBack: { id: 6, type: "OntEvent.FellBack", oneof: "event" },
      windowAccepted: { id: 7, type: "OntEvent.WindowAccepted", oneof: "event" },
      windowRefused: { id: 8, type: "OntEvent.WindowRefused", oneof: "event" },
      imageRefused: { id: 9, type: "OntEvent.ImageRefused", oneof: "event" },
      imageStored: { id: 10, type: "OntEvent.ImageStored", oneof: "event" },
      dropped: { id: 11, type: "OntEvent.Dropped", oneof: "event" },
      installRefused: { id: 12, type: "OntEvent.InstallRefused", oneof: "event" },
      diagnostic: { id: 13, type: "OntEvent.Diagnostic", oneof: "event" },
    },
    "OntEvent.State": {
      state: { id: 1, type: "string" },
      cause: { id: 2, type: "string", rule: "optional" },
    },
    "OntEvent.Offline": {
      reason: { id: 1, type: "string" },
    },
    "OntEvent.Online": {
      activeSlot: { id: 1, type: "uint32" },
    },
    "OntEvent.BootAttempt": {
      slot: { id: 1, type: "uint32" },
      attempt: { id: 2, type: "uint32" },
    },
    "OntEvent.BootFailed": {
      slot: { id: 1, type: "uint32" },
      attempt: { id: 2, type: "uint32" },
      how: { id: 3, type: "string" },
    },
    "OntEvent.FellBack": {
      from: { id: 1, type: "uint32" },
      to: { id: 2, type: "uint32" },
    },
    "OntEvent.WindowAccepted": {
      window: { id: 1, type: "uint32" },
      sections: { id: 2, type: "uint32" },
      lostSections: { id: 3, type: "uint32" },
      repairedSections: { id: 4, type: "uint32" },
    },
    "OntEvent.WindowRefused": {
      window: { id: 1, type: "uint32" },
      missingSections: { id: 2, type: "uint32" },
    },
    "OntEvent.ImageRefused": {
      cause: { id: 1, type: "string" },
      window: { id: 2, type: "uint32" },
    },
    "OntEvent.ImageStored": {
      slot: { id: 1, type: "uint32" },
      image: { id: 2, type: "StoredImage" },
    },
    "OntEvent.Dropped": {
      cause: { id: 1, type: "string" },
      count: { id: 2, type: "uint32", rule: "optional" },
    },
    "OntEvent.InstallRefused": {
      when: { id: 1, type: "string" },
      cause: { id: 2, type: "string" },
    },
    "OntEvent.Diagnostic": {
      cause: { id: 1, type: "string" },
    },
    AgentEvent: {
      state: { id: 1, type: "AgentEvent.State", oneof: "event" },
      transfer: { id: 2, type: "AgentEvent.Transfer", oneof: "event" },
      reported: { id: 3, type: "AgentEvent.Reported", oneof: "event" },
      dropped: { id: 4, type: "AgentEvent.Dropped", oneof: "event" },
    },
    "AgentEvent.State": {
      state: { id: 1, type: "string" },
      cause: { id: 2, type: "string", rule: "optional" },
    },
    "AgentEvent.Transfer": {
      offsetBytes: { id: 1, type: "uint64" },
      imageBytes: { id: 2, type: "uint64" },
    },
    "AgentEvent.Reported": {
      execution: { id: 1, type: "string" },
      finished: { id: 2, type: "string" },
    },
    "AgentEvent.Dropped": {
      cause: { id: 1, type: "string" },
    },
    RunEvent: {
      oltStarted: { id: 1, type: "RunEvent.OltStarted", oneof: "event" },
      oltEnded: { id: 2, type: "RunEvent.OltEnded", oneof: "event" },
      ontStarted: { id: 3, type: "RunEvent.OntStarted", oneof: "event" },
      ontEnded: { id: 4, type: "RunEvent.OntEnded", oneof: "event" },
      powerCut: { id: 5, type: "RunEvent.PowerCut", oneof: "event" },
      powerRestored: { id: 6, type: "RunEvent.PowerRestored", oneof: "event" },
      ontGivenUp: { id: 7, type: "RunEvent.OntGivenUp", oneof: "event" },
      note: { id: 8, type: "RunEvent.Note", oneof: "event" },
      ended: { id: 9, type: "RunEvent.Ended", oneof: "event" },
    },
    "RunEvent.OltStarted": {
      start: { id: 1, type: "uint32" },
      pon: { id: 2, type: "uint32", rule: "optional" },
    },
    "RunEvent.OltEnded": {
      code: { id: 1, type: "sint32" },
      signal: { id: 2, type: "string" },
      expected: { id: 3, type: "bool" },
      pon: { id: 4, type: "uint32", rule: "optional" },
    },
    "RunEvent.OntStarted": {
      ont: { id: 1, type: "uint32" },
      start: { id: 2, type: "uint32" },
    },
    "RunEvent.OntEnded": {
      ont: { id: 1, type: "uint32" },
      code: { id: 2, type: "sint32" },
      signal: { id: 3, type: "string" },
      expected: { id: 4, type: "bool" },
    },
    "RunEvent.PowerCut": {
      ont: { id: 1, type: "uint32" },
      reason: { id: 2, type: "string" },
    },
    "RunEvent.PowerRestored": {
      ont: { id: 1, type: "uint32" },
    },
    "RunEvent.OntGivenUp": {
      ont: { id: 1, type: "uint32" },
      cause: { id: 2, type: "string" },
    },
    "RunEvent.Note": {
      text: { id: 1, type: "string" },
    },
    "RunEvent.Ended": {
      outcome: { id: 1, type: "string" },
      exitCode: { id: 2, type: "sint32" },
    },
    Record: {
      timeNs: { id: 1, type: "uint64" },
      ontNumber: { id: 6, type: "uint32", rule: "optional" },
      header: { id: 2, type: "Header", oneof: "body" },
      olt: { id: 3, type: "OltEvent", oneof: "body" },
      ont: { id: 4, type: "OntEvent", oneof: "body" },
      run: { id: 5, type: "RunEvent", oneof: "body" },
      agent: { id: 7, type: "AgentEvent", oneof: "body" },
    },
    Journal: {
      records: { id: 1, type: "Record", rule: "repeated" },
    },
  },
  enums: {},
} as const satisfies ProtoFile;
