/** The ACS with devices that do anything, and with ends of its process at any instant: what always holds. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { CWMP_EVENTS, type CwmpMessage } from "../../../../cwmp/index.ts";
import type { Acs, AcsEvent } from "../../../../headend/acs/core/index.ts";
import { complete, deltaTo, image, Kept, type Said, TestSession } from "./fixture.ts";

const ARTIFACTS = [image("2.0.0", "2"), deltaTo("2.0.0", "1", "2")];
const VERSIONS = ["1.0.0", "2.0.0"];
const KEYS = ["poncast-1", "poncast-2", "poncast-3", "other"];

type Step =
  | { do: "inform"; version: string; events: (readonly [string, string?])[] }
  | { do: "empty" }
  /** Answers what it was asked, well or with that fault. */
  | { do: "answer"; fault: number }
  | { do: "complete"; key: string; fault: number }
  | { do: "methods" }
  | { do: "kill" }
  | { do: "task" };

const faults = fc.constantFrom(0, 0, 9_000, 9_010, 9_019);
const events = fc.subarray<readonly [string, string?]>([
  [CWMP_EVENTS.boot],
  [CWMP_EVENTS.transferComplete],
  [CWMP_EVENTS.methodDownload, "poncast-1"],
  [CWMP_EVENTS.methodReboot, "poncast-2"],
]);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("inform" as const), version: fc.constantFrom(...VERSIONS), events }),
  fc.record({ do: fc.constant("empty" as const) }),
  fc.record({ do: fc.constant("answer" as const), fault: faults }),
  fc.record({ do: fc.constant("complete" as const), key: fc.constantFrom(...KEYS), fault: faults }),
  fc.record({ do: fc.constant("methods" as const) }),
  fc.record({ do: fc.constant("kill" as const) }),
  fc.record({ do: fc.constant("task" as const) }),
);

const name = (digit: string, text = digit.repeat(64)) => ({
  name: `Device.DeviceInfo.FirmwareImage.${digit}.Name`,
  value: { type: "string" as const, text },
});

function answerTo(asked: CwmpMessage): CwmpMessage {
  switch (asked.method) {
    case "Download":
      return { method: "DownloadResponse", status: 1, startTime: "unknown", completeTime: "unknown" };
    case "GetAllQueuedTransfers":
      return { method: "GetAllQueuedTransfersResponse", transfers: [] };
    case "GetParameterValues":
      return {
        method: "GetParameterValuesResponse",
        parameters: [
          name("1"),
          {
            name: "Device.DeviceInfo.ActiveFirmwareImage",
            value: { type: "string", text: "Device.DeviceInfo.FirmwareImage.1." },
          },
        ],
      };
    case "CancelTransfer":
      return { method: "CancelTransferResponse" };
    default:
      return { method: "RebootResponse" };
  }
}

/** One device and its ACS. */
class Course {
  readonly kept = new Kept();
  acs: Acs = this.kept.acs(ARTIFACTS);
  #session = new TestSession(this.acs, this.kept);
  #asked: CwmpMessage | undefined;
  /** The empty POST of this session has come. */
  #isTurned = false;

  take(each: Step): void {
    switch (each.do) {
      case "inform":
        if (this.#session.session.isOver) this.#session = new TestSession(this.acs, this.kept);
        this.#isTurned = false;
        return this.#hear(this.#session.inform(each.version, each.events));
      case "empty":
        this.#isTurned = true;
        return this.#hear(this.#session.empty());
      case "answer":
        if (this.#asked === undefined) return;
        return this.#hear(
          each.fault === 0 ? this.#session.say(answerTo(this.#asked)) : this.#session.fault(each.fault),
        );
      case "complete":
        return this.#hear(this.#session.say(complete(each.key, each.fault)), "TransferCompleteResponse");
      case "methods":
        return this.#hear(this.#session.say({ method: "GetRPCMethods" }), "GetRPCMethodsResponse");
      case "kill":
        // Of what it had not answered by yet, nothing may be kept.
        this.acs = this.kept.acs(ARTIFACTS);
        this.#session = new TestSession(this.acs, this.kept);
        this.#asked = undefined;
        return;
      case "task":
        this.acs.addTask("00D09E-PC%2DONT%2D1-PCST1", { method: "Reboot", commandKey: "" });
        this.kept.take(this.acs);
    }
  }

  /** A request of the ACS comes behind the empty POST alone, and one at a time. */
  #hear(said: Said, own = ""): void {
    if (typeof said !== "object" || !("method" in said)) {
      this.#asked = undefined;
      return;
    }
    const isRequest = said.method !== "Fault" && !said.method.endsWith("Response");
    if (isRequest) expect(this.#isTurned).toBe(true);
    if (own !== "" && !isRequest) expect(said.method).toBe(own);
    if (isRequest) this.#asked = said;
    else if (said.method === "InformResponse") this.#asked = undefined;
  }
}

function holds({ kept, acs }: Course): void {
  // What it knows follows from what it has kept.
  expect(kept.acs(ARTIFACTS).snapshot()).toEqual(acs.snapshot());
  const of = <Type extends AcsEvent["type"]>(type: Type) =>
    kept.events.filter((event): event is Extract<AcsEvent, { type: Type }> => event.type === type);
  const ends = of("ended");
  expect(new Set(ends.map(({ id }) => id)).size).toBe(ends.length);
  for (const { id, as, detail } of ends) {
    const last = kept.events.findIndex((event) => event.type === "ended" && event.id === id);
    const later = kept.events.slice(last + 1);
    expect(later.some((event) => "id" in event && event.id === id)).toBe(false);
    const task = of("task").find((each) => each.id === id)!;
    // Success is what the device has said itself, before.
    if (task.order.kind === "update" && as === "success") {
      const facts = kept.events.slice(0, last).filter((event) => event.type === "facts");
      expect(facts.at(-1)).toMatchObject({ facts: { version: "2.0.0" } });
      expect(detail).toBe("runs 2.0.0");
    }
  }
  // One update of a device at a time.
  const open = [...acs.statuses(0)].length === 0 ? [] : acs.device("00D09E-PC%2DONT%2D1-PCST1")!.tasks;
  expect(open.filter(({ order, state }) => order.kind === "update" && state !== "ended").length).toBeLessThanOrEqual(1);
  // Nor is one asked for again that was taken.
  for (const { id } of of("taken")) {
    const first = kept.events.findIndex((event) => event.type === "taken" && event.id === id);
    expect(kept.events.slice(first).some((event) => event.type === "asked" && event.id === id)).toBe(false);
  }
}

/** Courses that have once been too much. */
const KNOWN: [Step[]][] = [
  // It tells of the end of what it is asked for, before it refuses it.
  [
    [
      { do: "empty" },
      { do: "answer", fault: 0 },
      { do: "complete", key: "poncast-1", fault: 0 },
      { do: "complete", key: "poncast-1", fault: 9010 },
      { do: "answer", fault: 9000 },
    ],
  ],
];

it("whatever a device says, and whenever the process ends", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const course = new Course();
      course.take({ do: "inform", version: "1.0.0", events: [] });
      for (const each of steps) course.take(each);
      holds(course);
    }),
    { numRuns: 300, examples: KNOWN },
  );
});
