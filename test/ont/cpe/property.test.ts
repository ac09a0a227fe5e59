/** Whatever comes from the network, and whenever the power goes: the CPE tells each transfer once, and all of it comes to an end. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { createStream } from "../../../pon/index.ts";
import { sha256Of } from "../agent/store.ts";
import { answerWith, download, type TestAnswer } from "./acs.ts";
import { CpeBench, second } from "./bench.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const FIFTY_YEARS = 50 * 365 * DAY;

const FAULTS = ["cut", "silent", "garbage", "503", "401", "redirect", "other etag", "empty", "whole"] as const;
type Fault = (typeof FAULTS)[number];

function spoilt(fault: Fault, answer: TestAnswer, share: number): TestAnswer | undefined {
  const { body, headers } = answer;
  switch (fault) {
    case "cut":
      return { ...answer, cutAt: Math.floor(body.length * share) };
    case "silent":
      return undefined;
    case "garbage":
      return { ...answer, body: body.map((byte, index) => (index % 97 === 0 ? byte ^ 0x55 : byte)) };
    case "503":
      return answerWith(503, { "retry-after": "7" });
    case "401":
      return answerWith(401);
    case "redirect":
      return answerWith(302, { location: "https://evil.test/" });
    case "other etag":
      return { ...answer, headers: { ...headers, etag: '"other"' } };
    case "empty":
      return answerWith(204);
    case "whole":
      return { ...answer, status: 200, headers: { ...headers, "content-range": undefined } };
  }
}

const afterSteps = fc.integer({ min: 1, max: 60 });
const doing = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("cut" as const), afterSteps }) },
  fc.record({ kind: fc.constant("call" as const), afterSteps }),
  fc.record({ kind: fc.constant("cancel" as const), afterSteps, key: fc.constantFrom("k0", "k1", "k2") }),
  fc.record({ kind: fc.constant("reboot" as const), afterSteps }),
  fc.record({ kind: fc.constant("clock" as const), afterSteps, by: fc.constantFrom(-FIFTY_YEARS, FIFTY_YEARS, 0) }),
  fc.record({
    kind: fc.constant("spoil" as const),
    afterSteps,
    fault: fc.constantFrom(...FAULTS),
    share: fc.double({ min: 0, max: 0.99, noNaN: true }),
  }),
);
const fileTypes = fc.array(fc.constantFrom("1 Firmware Upgrade Image", "6 Stored Firmware Image"), {
  minLength: 1,
  maxLength: 3,
});

it("keeps all its promises", () => {
  fc.assert(
    fc.property(
      fc.array(doing, { maxLength: 12 }),
      fileTypes,
      fc.integer({ min: 1, max: 1e6 }),
      (acts, types, seed) => {
        const bench = new CpeBench({ chance: createStream(seed, "cpe"), periodicInformSeconds: 6 * HOUR }, 100_000);
        bench.store.verify = (bytes) => (sha256Of(bytes) === sha256Of(bench.image) ? "" : "payload-hash-mismatch");
        for (const [index, fileType] of types.entries())
          bench.acs.tasks.push(download(bench.url, { commandKey: `k${index}`, fileType }));
        let spoil: ((answer: TestAnswer) => TestAnswer | undefined) | undefined;
        bench.spoil = (_request, answer) => {
          const how = spoil;
          spoil = undefined;
          return how === undefined ? answer : how(answer);
        };
        for (const act of acts) {
          for (let steps = 0; steps < act.afterSteps; steps++) bench.step(bench.nowNs + 600 * second);
          if (act.kind === "cut") bench.cut();
          else if (act.kind === "call") bench.call();
          else if (act.kind === "spoil") spoil = (answer) => spoilt(act.fault, answer, act.share);
          else if (act.kind === "reboot") bench.acs.tasks.push({ method: "Reboot", commandKey: "r" });
          else if (act.kind === "clock") bench.wallSeconds = 1_790_000_000 + act.by;
          else bench.acs.tasks.push({ method: "CancelTransfer", commandKey: act.key });
        }
        // Everything heals; whatever was asked for and taken comes to its end, and is told.
        spoil = undefined;
        bench.run(DAY * second);
        bench.until(() => !bench.cpe.snapshot().inSession);
        expect(bench.record?.transfers).toEqual([]);
        expect(bench.record?.events).toEqual([]);
        const told = new Map<string, string>();
        for (const complete of bench.acs.completes) {
          // Only what was not acknowledged is told again, and then word for word.
          const words = JSON.stringify(complete);
          expect(told.get(complete.commandKey) ?? words).toBe(words);
          told.set(complete.commandKey, words);
        }
        for (const { events } of bench.acs.of("Inform")) expect(events.length).toBeGreaterThan(0);
        expect(bench.cpe.snapshot()).toMatchObject({ state: "idle", queued: 0 });
        // An image is on trial no longer than until the ACS was reached.
        expect(bench.store.isCommitted).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
