/**
 * One session (TR-069, 3.7): Inform, then the CPE's own requests, then, after its empty POST, those of the ACS one by one, until
 * there is none left. A session is not kept: what it led to is.
 */
import {
  ACS_FAULTS,
  CWMP_RPC_NAMES,
  CWMP_RPCS,
  type CwmpEnvelope,
  cwmpFault,
  type CwmpMessage,
  type CwmpMessageOf,
  type CwmpReading,
  type CwmpVersion,
  faultForReading,
} from "../../../cwmp/index.ts";
import type { AcsBooks } from "./books.ts";
import { deviceName } from "./device.ts";
import { AcsTurn, type Ask } from "./turn.ts";
import type { AcsDevice, AcsReply } from "./types.ts";

/** What the server knows of who speaks. */
export interface SessionOf {
  /** Where the device reaches this server, such as `https://127.0.0.1:7548`. */
  origin: string;
  /** Whether somebody who has shown this name may speak for the device; absent: anybody may. */
  maySpeakFor?: (device: string) => boolean;
}

/** Requests of both sides; a CPE that has more is at fault. */
const MESSAGES_MAX = 256;
/** Of what a CPE sends. */
const TAKEN = CWMP_RPC_NAMES.filter((rpc) => CWMP_RPCS[rpc].from !== "acs");

type Phase =
  | { kind: "new" }
  /** The CPE says what it has to say. */
  | { kind: "cpe" }
  /** The ACS has asked, and waits for the answer. */
  | { kind: "asked"; ask: Ask; id: string }
  | { kind: "over" };

const refused = (status: 400 | 403 | 503, line: string): AcsReply => ({ kind: "refused", status, line });

export class AcsSession {
  readonly #acs: AcsBooks;
  readonly #about: SessionOf;
  readonly #number: number;
  #phase: Phase = { kind: "new" };
  #version: CwmpVersion = "1.0";
  #device: AcsDevice | undefined;
  #turn: AcsTurn | undefined;
  #messages = 0;
  #requests = 0;

  constructor(acs: AcsBooks, about: SessionOf, number: number) {
    this.#acs = acs;
    this.#about = about;
    this.#number = number;
  }

  get isOver(): boolean {
    return this.#phase.kind === "over";
  }

  /** Name of the device, from its Inform on. */
  get device(): string | undefined {
    return this.#device?.id;
  }

  /** Another has taken its place, or it has taken too long: what was asked and not answered is asked again another time. */
  abandon(): void {
    this.#end();
  }

  /** @param reading undefined: the POST was empty */
  handlePost(nowMs: number, reading: CwmpReading | undefined): AcsReply {
    if (++this.#messages > MESSAGES_MAX) {
      this.#end();
      return refused(400, `a session has at most ${MESSAGES_MAX} messages`);
    }
    if (reading === undefined) return this.#onEmpty(nowMs);
    if (!reading.ok) return this.#onUnreadable(nowMs, reading);
    const { envelope } = reading;
    const { message } = envelope;
    if (message.method === "Inform") return this.#onInform(nowMs, { ...envelope, message });
    if (this.#device === undefined || this.isOver) return refused(400, "a session begins with an Inform");
    if (message.method === "Fault" || message.method.endsWith("Response"))
      return this.#onAnswer(nowMs, envelope, message);
    return this.#onRequest(envelope);
  }

  #onInform(nowMs: number, envelope: CwmpEnvelope & { message: CwmpMessageOf<"Inform"> }): AcsReply {
    if (this.#about.maySpeakFor?.(deviceName(envelope.message.deviceId)) === false)
      return refused(403, "the name that was shown is that of another device");
    const device = this.#acs.informed(nowMs, this, envelope);
    if (device === undefined) return refused(503, "too many devices");
    this.#device = device;
    this.#version = envelope.version;
    this.#turn = new AcsTurn(this.#acs, device, this.#about.origin);
    this.#phase = { kind: "cpe" };
    const { supportedVersions } = envelope;
    const useVersion = supportedVersions
      ?.filter((each) => /^1\.[0-4]$/.test(each))
      .sort()
      .at(-1);
    return this.#answer(envelope.id, { method: "InformResponse", maxEnvelopes: 1 }, useVersion);
  }

  /** After it the ACS may ask, and not before. */
  #onEmpty(nowMs: number): AcsReply {
    switch (this.#phase.kind) {
      case "cpe":
        return this.#next(nowMs);
      case "asked":
        // It was to answer. What was asked stays so: whether it has heard it is found out the next time.
        this.#end();
        return { kind: "end" };
      case "new":
      case "over":
        return refused(400, "a session begins with an Inform");
    }
  }

  #onUnreadable(nowMs: number, { fault }: Extract<CwmpReading, { ok: false }>): AcsReply {
    const isAnswer = fault.method?.endsWith("Response") === true;
    if (this.#phase.kind === "asked" && isAnswer && fault.id === this.#phase.id) {
      this.#turn!.unreadable(this.#phase.ask, fault.problem);
      return this.#next(nowMs);
    }
    const answer = isAnswer ? undefined : faultForReading(fault, "acs");
    if (answer === undefined) return refused(400, fault.problem);
    return { kind: "message", envelope: { version: fault.version ?? this.#version, id: fault.id, message: answer } };
  }

  #onAnswer(nowMs: number, { id }: CwmpEnvelope, message: CwmpMessage): AcsReply {
    const phase = this.#phase;
    if (phase.kind !== "asked") return refused(400, `${message.method}: nothing was asked`);
    // A CPE without IDs answers in turn.
    if (id !== "" && id !== phase.id) return refused(400, `${message.method} has the ID of another request`);
    const wanted = `${phase.ask.request.method}Response`;
    if (message.method !== "Fault" && message.method !== wanted) return refused(400, `${wanted} is awaited`);
    this.#turn!.answered(nowMs, phase.ask, message);
    return this.#next(nowMs);
  }

  #onRequest({ id, message }: CwmpEnvelope): AcsReply {
    switch (message.method) {
      case "TransferComplete":
        this.#acs.transferComplete(this.#device!, message);
        return this.#answer(id, { method: "TransferCompleteResponse" });
      case "AutonomousTransferComplete":
        return this.#answer(id, { method: "AutonomousTransferCompleteResponse" });
      // What there is for it, it is asked to fetch after its empty POST.
      case "RequestDownload":
        return this.#answer(id, { method: "RequestDownloadResponse" });
      case "GetRPCMethods":
        return this.#answer(id, { method: "GetRPCMethodsResponse", methods: TAKEN });
      default:
        return this.#answer(id, cwmpFault(ACS_FAULTS.methodNotSupported, `${message.method} is for a CPE`));
    }
  }

  #next(nowMs: number): AcsReply {
    const ask = this.#turn!.next(nowMs);
    if (ask === undefined) {
      this.#end();
      return { kind: "end" };
    }
    const id = `${this.#number}-${++this.#requests}`;
    this.#phase = { kind: "asked", ask, id };
    return { kind: "message", envelope: { version: this.#version, id, message: ask.request } };
  }

  #answer(id: string, message: CwmpMessage, useVersion?: string): AcsReply {
    const envelope = { version: this.#version, id, ...(useVersion !== undefined && { useVersion }), message };
    return { kind: "message", envelope };
  }

  #end(): void {
    this.#phase = { kind: "over" };
    if (this.#device !== undefined) this.#acs.sessionEnded(this, this.#device.id);
  }
}
