/** The OLT's and the ONTs' sockets with a third beside them: the loopback, no process but this one. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { linkTrailers } from "../../../olt/process/index.ts";
import { UdpSouthbound } from "../../../olt/southbound/udp.ts";
import {
  createFeederFibre,
  encodeGemHeader,
  encodeRanging,
  multicastOf,
  OltSocket,
  OntSocket,
  rangingMessage,
} from "../../../pon/index.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function olt(ponKey?: Uint8Array) {
  const socket = await OltSocket.open({ interface: "127.0.0.1" });
  const southbound = new UdpSouthbound({
    socket,
    encapsulation: "gem",
    trailers: linkTrailers({ kind: "crc32" }),
    nonce: 5,
    ponKey,
    feeder: createFeederFibre(1, 0, {}),
    nowNs: () => performance.now() * 1e6,
  });
  closing.push(() => southbound.close());
  const dropped: string[] = [];
  const ranged: string[] = [];
  let due: () => void = () => undefined;
  southbound.handlers = {
    onRanged: (_, serial) => ranged.push(serial),
    onLinkLost: () => undefined,
    onFrame: () => dropped.push("taken"),
    onLate: () => undefined,
    onDropped: (_, cause) => dropped.push(cause),
    onDue: () => due(),
  };
  /** Until so many datagrams were read. */
  const read = (count: number): Promise<void> =>
    new Promise((done) => {
      let left = count;
      due = () => {
        if (--left === 0) done();
      };
    });
  return { socket, southbound, dropped, ranged, read };
}

async function third(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  socket.setMulticastInterface("127.0.0.1");
  closing.push(() => socket.close());
  return socket;
}

const request = encodeRanging(rangingMessage({ serial: "PCST00000001", ontNonce: 3 }));

describe("the OLT", () => {
  it("outlives a ranging message from port 0 and from where it may not send to", async () => {
    const { socket, dropped } = await olt();
    // Such datagrams come from raw sockets: here they are handed over as the socket would.
    socket.onMessage(request, 0, "127.0.0.1");
    socket.onMessage(request, 7000, "192.0.2.1");
    expect(dropped).toEqual(["unreachable", "unreachable"]);
    socket.unicast(request, request.length, 0, "127.0.0.1", () => dropped.push("done"));
    expect(dropped).toHaveLength(3);
    expect(socket.sendErrors).toEqual(new Map([["unreachable", 1]]));
  });

  it("outlives any datagram, with a key and without, and ranges nobody for it", async () => {
    const frame = fc.tuple(fc.nat(4095), fc.uint8Array({ minLength: 1, maxLength: 60 })).map(([port, content]) => {
      const bytes = new Uint8Array(5 + content.length);
      encodeGemHeader(bytes, 0, port, content.length);
      bytes.set(content, 5);
      return bytes;
    });
    const marked = fc.uint8Array({ maxLength: 60 }).map((rest) => Uint8Array.from([...Buffer.from("PONR"), ...rest]));
    for (const ponKey of [undefined, new Uint8Array(16)]) {
      const { socket, ranged } = await olt(ponKey);
      fc.assert(
        fc.property(fc.oneof(fc.uint8Array({ maxLength: 2000 }), frame, marked), fc.nat(65_535), (bytes, port) => {
          socket.onMessage(bytes, port, "127.0.0.1");
        }),
        { numRuns: 1000 },
      );
      expect(ranged).toEqual([]);
    }
  });

  it("goes on when something throws over a datagram all the same", async () => {
    const { socket, southbound, read } = await olt();
    const stranger = await third();
    const { onDropped } = southbound.handlers;
    southbound.handlers.onDropped = () => {
      throw new Error("a defect");
    };
    const lines: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (line: string | Uint8Array) => lines.push(String(line)) > 0;
    try {
      stranger.send("garbage", socket.port, "127.0.0.1");
      while (lines.length === 0) await new Promise((turn) => setImmediate(turn));
    } finally {
      process.stderr.write = write;
    }
    expect(lines[0]).toBe("datagram to the OLT: a defect; it is left out and the rest goes on\n");
    southbound.handlers.onDropped = onDropped;
    const next = read(1);
    stranger.send("garbage", socket.port, "127.0.0.1");
    await next;
  });
});

describe("an ONT process", () => {
  it("hears the OLT alone: on the group and on its own port", async () => {
    const { socket } = await olt();
    const ont = await OntSocket.open({ interface: "127.0.0.1" }, socket);
    closing.push(() => ont.close());
    const heard: string[] = [];
    let more: () => void = () => undefined;
    const hear = (bytes: Uint8Array): void => {
      heard.push(Buffer.from(bytes).toString());
      more();
    };
    ont.onBroadcast = hear;
    ont.onUnicast = hear;
    // Where the ONT is, the OLT learns from what it sends.
    const from = new Promise<number>((done) => (socket.onMessage = (_, port) => done(port)));
    ont.send(Buffer.from("here"), 4);
    const ontPort = await from;
    const stranger = await third();
    const { group, port } = multicastOf(socket.port);
    const sent = (to: number, address: string): Promise<unknown> =>
      new Promise((done) => stranger.send("from a third", to, address, done));
    for (let time = 0; time < 50; time++) {
      await sent(port, group);
      await sent(ontPort, "127.0.0.1");
    }
    const both = new Promise<void>((done) => (more = () => heard.length >= 2 && done()));
    socket.broadcast(Buffer.from("to all"), 6, () => undefined);
    socket.unicast(Buffer.from("to one"), 6, ontPort, "127.0.0.1", () => undefined);
    await both;
    expect(heard.toSorted()).toEqual(["to all", "to one"]);
  });
});
