/** Many garbled frames, one by one and in bursts: each is decoded or dropped by a cause, none throws. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  crc32Trailer,
  decodeMessage,
  type Deviation,
  dissect,
  type DropCause,
  encodeMessage,
} from "../../omci/index.ts";
import {
  BROADCAST_PORT,
  createDropFibre,
  createStream,
  DownstreamReceiver,
  encodeGemHeader,
  GEM_HEADER_BYTES,
  GEM_PAYLOAD_BYTES_MAX,
  type GemFault,
  GemReader,
  RANGING_PORT,
} from "../../pon/index.ts";
import { anyMessage, messageOfType, messageSets } from "./arbitrary.ts";

const SEED = 20_260;
const FRAMES = 100_000;
const OWN_PORT = 7;

const random = createStream(SEED, "any bytes");
const pick = <T>(items: readonly T[]): T => items[random.nextBelow(items.length)];
const randomBytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.nextBelow(256));

/** Sealed frames of every message in both sets, and more of the one that is a class of its own in bursts. */
const sections = messageSets.map((messageSet) => messageOfType("downloadSectionRequest", messageSet));
const samples = [
  ...fc.sample(anyMessage, { numRuns: 400, seed: SEED }),
  ...fc.sample(fc.oneof(...sections), { numRuns: 40, seed: SEED }),
];
const good = samples.map((message) => {
  const out = new Uint8Array(2000);
  const end = encodeMessage(message, out);
  crc32Trailer.seal(out, 0, end);
  return out.slice(0, end + 4);
});

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
};

/** What can happen to a frame, and some that never was one. */
const changes: ((frame: Uint8Array) => Uint8Array)[] = [
  (frame) => frame,
  (frame) => frame.slice(0, random.nextBelow(frame.length + 1)),
  (frame) => joined(frame, randomBytes(random.nextBelow(8))),
  (frame) => flipped(frame, 1 + random.nextBelow(5)),
  (frame) => flipped(frame.slice(0, -4), 1 + random.nextBelow(5)),
  (frame) => joined(frame.subarray(0, random.nextBelow(frame.length)), pick(good).subarray(random.nextBelow(44))),
  () => randomBytes(random.nextBelow(70)),
  () => sealed(randomBytes(8 + random.nextBelow(40))),
  (frame) => sealed(flipped(frame.slice(0, -4), 1 + random.nextBelow(3))),
];

/** Most of a frame's meaning is in its first bytes: half of the bits are flipped there. */
function flipped(frame: Uint8Array, bits: number): Uint8Array {
  const copy = frame.slice();
  for (let count = 0; count < bits; count++) {
    const reach = random.nextBelow(2) === 0 ? Math.min(20, copy.length) : copy.length;
    if (reach > 0) copy[random.nextBelow(reach)] ^= 1 << random.nextBelow(8);
  }
  return copy;
}

function sealed(pdu: Uint8Array): Uint8Array {
  const frame = joined(pdu, new Uint8Array(4));
  crc32Trailer.seal(frame, 0, pdu.length);
  return frame;
}

const frames: Uint8Array[] = [];
beforeAll(() => {
  for (let index = 0; index < FRAMES; index++) frames.push(pick(changes)(pick(good)));
});

describe(`${FRAMES} frames, whole, cut, garbled and random`, () => {
  it("are decoded or refused by a cause", () => {
    const outcomes = new Map<string, number>();
    const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    for (const frame of frames) {
      const before = frame.slice();
      const decoded = decodeMessage(frame);
      if (!before.every((byte, at) => byte === frame[at])) throw new Error("decoding changed the frame");
      if (!decoded.ok) count(decoded.cause);
      else if (decoded.deviations.length === 0) count("clean");
      else for (const deviation of decoded.deviations) count(deviation);
    }
    // Each cause and each deviation comes up: the frames go everywhere.
    const wanted: Record<DropCause | Deviation | "clean", true> = {
      clean: true,
      "too-short": true,
      "unknown-device": true,
      "bad-length": true,
      "contents-length-mismatch": true,
      "contents-truncated": true,
      "too-many-instances": true,
      "nonzero-padding": true,
      "sdu-length-not-40": true,
      "tci-zero-on-non-notification": true,
      "no-instance-count": true,
      "reserved-bit": true,
      "ar-unexpected": true,
      "trailing-bytes": true,
    };
    expect([...outcomes.keys()].sort()).toEqual(Object.keys(wanted).sort());
  });

  it("are described", () => {
    for (const frame of frames) {
      const text = dissect(frame);
      const decoded = decodeMessage(frame);
      const said = decoded.ok
        ? decoded.deviations.every((deviation) => text.includes(deviation))
        : text.includes(decoded.cause);
      if (!said || text.includes("undefined")) throw new Error(`${Buffer.from(frame).toString("hex")}\n${text}`);
    }
  });

  it("in bursts, whole or garbled, each ends delivered or dropped by a cause", () => {
    const ports = [BROADCAST_PORT, OWN_PORT, OWN_PORT, OWN_PORT + 1, RANGING_PORT];
    const heard = { sections: 0, frames: 0, drops: new Map<string, number>() };
    const receiver = new DownstreamReceiver("gem", crc32Trailer);
    receiver.add({
      portId: OWN_PORT,
      trailer: crc32Trailer,
      links: createDropFibre(1, "A", {}),
      onSections: (_channel, span) => void (heard.sections += span.count),
      onFrame: () => void heard.frames++,
      onDropped: (cause) => void heard.drops.set(cause, (heard.drops.get(cause) ?? 0) + 1),
    });
    const reader = new GemReader();
    const walked = { frames: 0, faults: { "bad-hec": 0, "cut-off": 0, none: 0 } satisfies Record<GemFault, number> };
    for (const burst of bursts(ports)) {
      reader.start(burst);
      while (reader.next()) {
        walked.frames++;
        if (reader.payloadEnd > burst.length || reader.payloadEnd <= reader.payloadStart)
          throw new Error("beyond the burst");
      }
      walked.faults[reader.fault]++;
      receiver.datagram(burst);
    }
    const { dropped } = receiver;
    const causes = ["bad-hec", "bad-length", "bad-trailer", "cut-off", "fragment", "other-port"];
    expect([...dropped.keys()].sort()).toEqual(causes);
    expect(dropped.get("bad-hec")).toBe(walked.faults["bad-hec"]);
    expect(dropped.get("cut-off")).toBe(walked.faults["cut-off"]);
    const ofFrames = causes.filter((cause) => cause !== "bad-hec" && cause !== "cut-off");
    const droppedFrames = ofFrames.reduce((sum, cause) => sum + (dropped.get(cause) ?? 0), 0);
    expect(heard.sections + heard.frames + droppedFrames).toBe(walked.frames);
    // The ONT hears of those that were for it.
    expect([...heard.drops.keys()].sort()).toEqual(["bad-length", "bad-trailer"]);
    for (const [cause, times] of heard.drops) expect(times, cause).toBe(dropped.get(cause));
    expect(Math.min(heard.sections, heard.frames)).toBeGreaterThan(300);
  });

  it("alone in datagrams, each ends delivered or dropped by a cause", () => {
    const heard = { delivered: 0, dropped: 0 };
    const receiver = new DownstreamReceiver("plain", crc32Trailer);
    const listener = {
      portId: OWN_PORT,
      trailer: crc32Trailer,
      links: createDropFibre(1, "A", {}),
      onSections: (_channel: unknown, run: { count: number }) => void (heard.delivered += run.count),
      onFrame: () => void heard.delivered++,
      onDropped: () => void heard.dropped++,
    };
    receiver.add(listener);
    for (const frame of frames) receiver.datagram(frame, random.nextBelow(2) === 0 ? listener : undefined);
    expect(heard.delivered + heard.dropped).toBe(FRAMES);
    expect([...receiver.dropped.keys()].sort()).toEqual(["bad-length", "bad-trailer"]);
    expect([...receiver.dropped.values()].reduce((sum, times) => sum + times)).toBe(heard.dropped);
  });
});

/** All frames in bursts of some, with idle frames among them; every fourth burst is garbled, or cut. */
function* bursts(ports: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (let index = 0; at < frames.length; index++) {
    const some = frames.slice(at, (at += 1 + random.nextBelow(20)));
    const out = new Uint8Array(some.reduce((sum, frame) => sum + frame.length + 3 * GEM_HEADER_BYTES, 0));
    let end = 0;
    for (const frame of some) {
      if (random.nextBelow(8) === 0) end += encodeGemHeader(out, end, 0, 0);
      const payloadBytes = Math.min(frame.length, GEM_PAYLOAD_BYTES_MAX);
      end += encodeGemHeader(out, end, pick(ports), payloadBytes, random.nextBelow(12) === 0 ? 0 : 1);
      out.set(frame.subarray(0, payloadBytes), end);
      end += payloadBytes;
    }
    const burst = out.slice(0, end);
    if (index % 8 === 0) yield flipped(burst, 1 + random.nextBelow(6));
    else if (index % 8 === 4) yield burst.slice(0, random.nextBelow(end + 1));
    else yield burst;
  }
}
