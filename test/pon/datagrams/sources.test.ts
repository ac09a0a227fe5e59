/** The two ways to receive: the same datagrams, the same trace; and which of them is taken. */
import { createSocket, type Socket } from "node:dgram";
import { afterEach, describe, expect, it } from "vitest";
import { openSource, refuseUnusableWay } from "../../../pon/datagrams/open.ts";
import { ARENA_STRIDE_BYTES, type DatagramSource, type UdpWay, udpWayAsked } from "../../../pon/datagrams/source.ts";
import { systemCalls } from "../../../pon/datagrams/system-calls.ts";
import { burstBytesFor, multicastOf, NetworkError, OntSocket } from "../../../pon/udp.ts";

const address = "127.0.0.1";
const MAX_PAYLOAD_BYTES = 65_507;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function sender(): Promise<Socket> {
  const socket = createSocket("udp4");
  closing.push(() => socket.close());
  await new Promise<void>((done) => socket.bind(0, address, done));
  socket.setMulticastInterface(address);
  socket.setMulticastTTL(0);
  return socket;
}

const placeOf = (olt: Socket) => {
  const { port } = olt.address();
  return { ...multicastOf(port), address, olt: { address, port }, receiveBufferBytes: 4 * 1024 * 1024 };
};

async function opened(olt: Socket, way: UdpWay): Promise<DatagramSource> {
  const source = await openSource(placeOf(olt), 60_000, way);
  closing.push(() => source.close());
  return source;
}

/** Bytes that differ by number and place. */
const datagram = (number: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, at) => number * 31 + at * 7 + (at >> 8));

const LAST = Buffer.from("the last of them");

/** What came, in its order, up to LAST. */
function traceOf(source: DatagramSource): Promise<{ datagrams: string[]; batches: number }> {
  const datagrams: string[] = [];
  let batches = 0;
  return new Promise((done) => {
    source.onBatch = (arena, lengths, count) => {
      batches++;
      for (let index = 0; index < count; index++) {
        if (lengths[index] < 0) continue;
        const start = index * ARENA_STRIDE_BYTES;
        datagrams.push(Buffer.from(arena.subarray(start, start + lengths[index])).toString("base64"));
      }
      if (datagrams.at(-1) === LAST.toString("base64")) done({ datagrams, batches });
    };
  });
}

const hasCalls = typeof (await systemCalls()) !== "string";

describe("datagrams to all ONTs", () => {
  it.runIf(hasCalls)("come in the same, one by one and in batches, from the OLT alone", async () => {
    const olt = await sender();
    const stranger = await sender();
    const sources = [await opened(olt, "dgram"), await opened(olt, "mmsg")];
    const traces = sources.map(traceOf);
    const { group, port } = placeOf(olt);
    const sizes = [0, 1, 31, 1472, 1980, 8191, 8192, 60_000, MAX_PAYLOAD_BYTES];
    const sent: string[] = [];
    const send = (from: Socket, bytes: Uint8Array): Promise<void> =>
      new Promise((done, fail) => from.send(bytes, port, group, (error) => (error ? fail(error) : done())));
    for (let number = 0; number < 90; number++) {
      const bytes = datagram(number, sizes[number % sizes.length]);
      sent.push(Buffer.from(bytes).toString("base64"));
      // Nothing is received in between: a batch holds datagrams of all sizes.
      await send(stranger, datagram(number, 100));
      await send(olt, bytes);
    }
    await send(olt, LAST);
    const [one, many] = await Promise.all(traces);
    expect(one.datagrams).toEqual([...sent, LAST.toString("base64")]);
    expect(many.datagrams).toEqual(one.datagrams);
    expect(many.batches).toBeLessThanOrEqual(one.batches);
    expect(sources[1].receiveBufferBytes).toBe(sources[0].receiveBufferBytes);
  });

  it.runIf(hasCalls)("are nobody's when they came from others before the socket heard the OLT alone", async () => {
    const olt = await sender();
    const stranger = await sender();
    const { group, port } = placeOf(olt);
    const calls = await systemCalls();
    if (typeof calls === "string") throw new Error(calls);
    // As if somebody had been faster than connect().
    const early = { ...calls, connect: () => 0 };
    const { MmsgSource } = await import("../../../pon/datagrams/mmsg-source.ts");
    const source = MmsgSource.open(placeOf(olt), early);
    closing.push(() => source.close());
    const trace = traceOf(source);
    for (const from of [stranger, olt, stranger]) {
      await new Promise((done) => from.send(from === olt ? "from the OLT" : "from a third", port, group, done));
    }
    await new Promise((done) => olt.send(LAST, port, group, done));
    const { datagrams } = await trace;
    expect(datagrams.map((text) => Buffer.from(text, "base64").toString())).toEqual(["from the OLT", String(LAST)]);
  });

  it.runIf(hasCalls)("that throw leave the others of their batch", async () => {
    const olt = await sender();
    const { group, port } = placeOf(olt);
    const socket = await OntSocket.open({ interface: address }, { address, port: olt.address().port }, "mmsg");
    closing.push(() => socket.close());
    const heard: string[] = [];
    const lines: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (line: string | Uint8Array) => lines.push(String(line)) > 0;
    try {
      const all = new Promise<void>((done) => {
        socket.onBroadcast = (bytes) => {
          const text = Buffer.from(bytes).toString();
          if (text === "bad") throw new Error("a defect");
          if (heard.push(text) === 2) done();
        };
      });
      for (const text of ["one", "bad", "two"]) await new Promise((done) => olt.send(text, port, group, done));
      await all;
    } finally {
      process.stderr.write = write;
    }
    expect(heard).toEqual(["one", "two"]);
    expect(lines).toEqual(["datagram to all ONTs: a defect; it is left out and the rest goes on\n"]);
  });

  it.runIf(hasCalls)("are heard no more once one of them has closed the socket", async () => {
    const olt = await sender();
    const { group, port } = placeOf(olt);
    const socket = await OntSocket.open({ interface: address }, { address, port: olt.address().port }, "mmsg");
    const other = await opened(olt, "dgram");
    const heard: string[] = [];
    socket.onBroadcast = (bytes) => {
      heard.push(Buffer.from(bytes).toString());
      socket.close();
    };
    const trace = traceOf(other);
    for (const text of ["one", "two", LAST]) await new Promise((done) => olt.send(text, port, group, done));
    await trace;
    await new Promise((turn) => setImmediate(turn));
    expect(heard).toEqual(["one"]);
  });

  it.runIf(hasCalls)("say by the system's name why their socket cannot be had", async () => {
    const olt = await sender();
    const nowhere = { ...placeOf(olt), group: "192.0.2.1" };
    await expect(openSource(nowhere, 1472, "mmsg")).rejects.toThrow("EADDRNOTAVAIL");
  });
});

describe("the largest datagram", () => {
  it("is what the environment says, or what suits the interface", () => {
    expect(burstBytesFor("127.0.0.1", "1472")).toBe(1472);
    expect(burstBytesFor("192.0.2.1", "60000")).toBe(60_000);
    expect(burstBytesFor("127.0.0.1", "")).toBe(60_000);
    expect(burstBytesFor("192.0.2.1", undefined)).toBe(1472);
  });

  it.each(["255", "60001", "1472.5", "much"])("is refused where none can be so large: %s", (text) => {
    const line = `PONCAST_DATAGRAM_BYTES=${text}: the largest datagram in bytes is a whole number from 256 to 60000`;
    expect(() => burstBytesFor("127.0.0.1", text)).toThrow(new NetworkError(line));
  });
});

describe("the way to receive", () => {
  it("is what the environment says, or ours", () => {
    expect([undefined, "", "dgram", "mmsg"].map(udpWayAsked)).toEqual([undefined, undefined, "dgram", "mmsg"]);
  });

  it("is refused when there is no such", async () => {
    const line = "PONCAST_UDP=fast: no such way to receive; there are dgram and mmsg";
    await expect(refuseUnusableWay("fast")).rejects.toThrow(new NetworkError(line));
    await refuseUnusableWay("dgram");
    await refuseUnusableWay("");
  });

  it.runIf(hasCalls)("is one call for many where datagrams are small", async () => {
    const olt = await sender();
    const names: string[] = [];
    for (const burstBytes of [1472, 60_000]) {
      const source = await openSource(placeOf(olt), burstBytes, undefined);
      closing.push(() => source.close());
      names.push(source.constructor.name);
    }
    expect(names).toEqual(["MmsgSource", "DgramSource"]);
  });
});
