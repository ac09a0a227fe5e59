/** Every message that can be said is read as it was written; no bytes make the reader throw. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CWMP_VERSIONS, readCwmp, writeCwmp } from "../../cwmp/index.ts";
import { envelopesOf, messages } from "./messages.ts";

const RUNS = 60;

it.each(messages)("%s is read as it was written", (_, message) => {
  fc.assert(
    fc.property(envelopesOf(message), (envelope) => {
      expect(readCwmp(Buffer.from(writeCwmp(envelope)))).toEqual({ ok: true, envelope });
    }),
    { numRuns: RUNS },
  );
});

const anyMessage = fc.oneof(...messages.map(([, message]) => message));

describe("the reader takes any bytes", () => {
  it("bytes at random", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 512 }), (bytes) => {
        expect(readCwmp(bytes).ok).toBe(false);
      }),
    );
  });

  it("envelopes that are cut off, or have other bytes in them", () => {
    fc.assert(
      fc.property(
        envelopesOf(anyMessage),
        fc.nat(),
        fc.uint8Array({ maxLength: 4 }),
        fc.nat({ max: 8 }),
        (envelope, at, bytes, cut) => {
          const whole = Buffer.from(writeCwmp(envelope));
          const place = at % whole.length;
          const changed = Buffer.concat([whole.subarray(0, place), bytes, whole.subarray(place + cut)]);
          const reading = readCwmp(changed);
          // What is taken for a message can be said again.
          if (reading.ok) expect(readCwmp(Buffer.from(writeCwmp(reading.envelope)))).toEqual(reading);
          else expect(reading.fault.problem).toMatch(/^[^\n]+$/);
          expect(readCwmp(whole.subarray(0, place)).ok && place < whole.length - 1).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("elements with names at random, in an envelope of some version", () => {
    const name = fc.constantFrom(
      "Inform",
      "toString",
      "__proto__",
      "constructorResponse",
      "Response",
      "DownloadResponse",
    );
    fc.assert(
      fc.property(name, fc.constantFrom(...CWMP_VERSIONS), fc.string(), (method, version, inside) => {
        const uri = `urn:dslforum-org:cwmp-${version.replace(".", "-")}`;
        const body = `<c:${method} xmlns:c="${uri}">${inside.replaceAll(/[<&\p{C}]/gu, "")}</c:${method}>`;
        const soap = "http://schemas.xmlsoap.org/soap/envelope/";
        const reading = readCwmp(Buffer.from(`<s:Envelope xmlns:s="${soap}"><s:Body>${body}</s:Body></s:Envelope>`));
        expect(reading).toMatchObject({ ok: false, fault: { version, method } });
      }),
    );
  });
});

it("a text that XML cannot say is said with the character for that", () => {
  const envelope = {
    version: "1.2",
    id: "1",
    message: { method: "Reboot", commandKey: "a\u0000b\uD800c" },
  } as const;
  expect(readCwmp(Buffer.from(writeCwmp(envelope)))).toEqual({
    ok: true,
    envelope: { ...envelope, message: { method: "Reboot", commandKey: "a\uFFFDb\uFFFDc" } },
  });
});

it.each([
  ["a text that is too long", { method: "Reboot", commandKey: "x".repeat(33) }],
  ["a number that is none", { method: "ScheduleInform", delaySeconds: 0.5, commandKey: "" }],
  ["a number that is too large", { method: "ScheduleInform", delaySeconds: 2 ** 32, commandKey: "" }],
] as const)("%s is a mistake of ours", (_, message) => {
  expect(() => writeCwmp({ version: "1.0", id: "1", message })).toThrow(RangeError);
});
