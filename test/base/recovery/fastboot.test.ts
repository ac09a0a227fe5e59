/** Fastboot over TCP: octets as Debian's program has them, both sides with each other however the stream is cut, and any octets at all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ByteQueue,
  FastbootDevice,
  type FastbootDeviceEvent,
  FastbootHost,
  type FastbootHostEvent,
  octetsOf,
  textOf,
} from "../../../base/recovery/index.ts";

/** Cuts octets into pieces of these sizes, over and over. */
function* pieces(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

const frame = (text: string): string => `\0\0\0\0\0\0\0${String.fromCharCode(text.length)}${text}`;

describe("fastboot over TCP", () => {
  it("is these octets", () => {
    const events: FastbootDeviceEvent[] = [];
    const device = new FastbootDevice((event) => events.push(event));
    device.push(octetsOf(`FB01${frame("getvar:version")}`));
    expect(events).toEqual([{ type: "command", text: "getvar:version" }]);
    device.answer("INFO", "one");
    device.answer("OKAY", "0.4");
    expect(textOf(device.pollOut())).toBe(`FB01${frame("INFOone")}${frame("OKAY0.4")}`);
    device.push(octetsOf(frame("download:00000003")));
    device.receive(3);
    expect(textOf(device.pollOut())).toBe(frame("DATA00000003"));
    const seen: [string, boolean][] = [];
    const second = new FastbootDevice((event) => {
      if (event.type === "data") seen.push([textOf(event.bytes), event.isLast]);
    });
    second.push(octetsOf(`FB01${frame("download:00000003")}`));
    second.receive(3);
    second.push(octetsOf(`${frame("ab")}${frame("c")}`));
    expect(seen).toEqual([
      ["ab", false],
      ["c", true],
    ]);
  });

  it("carries commands and data both ways, however the stream is cut", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), sizes, sizes, (data, down, up) => {
        const [loaded, fetched] = [new ByteQueue(), new ByteQueue()];
        const answers: string[] = [];
        const device = new FastbootDevice((event) => {
          if (event.type === "bad") throw new Error(event.problem);
          if (event.type === "data") {
            loaded.push(event.bytes.slice());
            if (event.isLast) device.answer("OKAY", "loaded");
          } else if (event.text === "upload") {
            device.announce(data.length);
            for (const piece of pieces(data, down)) device.send(piece);
            device.answer("OKAY", "given");
          } else device.receive(data.length);
        });
        const host = new FastbootHost((event) => {
          if (event.type === "bad") throw new Error(event.problem);
          if (event.type === "data") fetched.push(event.bytes.slice());
          if (event.type === "answer") answers.push(event.text);
        });
        const turn = (): void => {
          for (;;) {
            const [out, back] = [host.pollOut(), device.pollOut()];
            if (out.length + back.length === 0) return;
            for (const piece of pieces(out, down)) device.push(piece);
            for (const piece of pieces(back, up)) host.push(piece);
          }
        };
        expect(host.command("download:xxxxxxxx", data)).toBe(true);
        expect(host.command("a second one")).toBe(false);
        turn();
        expect(host.command("upload")).toBe(true);
        turn();
        expect(answers).toEqual(["loaded", "given"]);
        expect(loaded.take(1000)).toEqual(data);
        expect(fetched.take(1000)).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });

  it("reads any octets, on both sides: no throw, and no more than one complaint", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.uint8Array({ maxLength: 200 }), (isGreeted, bytes) => {
        const bad: string[] = [];
        const note = (event: FastbootDeviceEvent | FastbootHostEvent): void => {
          if (event.type === "bad") bad.push(event.problem);
          if (event.type === "command") device.answer("FAIL", "no");
        };
        const device = new FastbootDevice(note);
        device.push(octetsOf(isGreeted ? "FB01" : ""));
        device.push(bytes);
        expect(bad.length).toBeLessThanOrEqual(1);
        bad.length = 0;
        const host = new FastbootHost(note);
        host.command("getvar:all");
        host.push(octetsOf(isGreeted ? "FB01" : ""));
        host.push(bytes);
        expect(bad.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["a command before the last was answered", `FB01${frame("one")}${frame("two")}`],
    ["a command without end", `FB01\0\0\0\0\0\0\x20\0`],
    ["a frame of nothing", `FB01\0\0\0\0\0\0\0\0`],
    ["a frame beyond all numbers", `FB01\xff\xff\xff\xff\xff\xff\xff\xff`],
    ["something else", "GET / HTTP/1.1"],
  ])("ends with %s", (_what, text) => {
    const events: FastbootDeviceEvent[] = [];
    const device = new FastbootDevice((event) => events.push(event));
    device.push(octetsOf(text));
    expect(events.at(-1)?.type).toBe("bad");
    const { length } = events;
    device.push(octetsOf(frame("more")));
    expect(events).toHaveLength(length);
  });
});
