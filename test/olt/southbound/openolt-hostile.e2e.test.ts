/** An OpenOLT server that says what nobody asked for: announcements without end, indications that are none. */
import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
} from "@grpc/grpc-js";
import { afterEach, expect, it } from "vitest";
import { methods } from "../../../olt/southbound/openolt/messages.ts";
import { OpenOltSouthbound } from "../../../olt/southbound/openolt/southbound.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Sends these bytes as indications, whatever they are, and takes every command. */
async function serve(indications: Iterable<Uint8Array>): Promise<number> {
  const server = new Server();
  const method = (name: keyof typeof methods) => ({
    path: methods[name].path,
    requestStream: false as const,
    responseStream: methods[name].responseStream,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  });
  const taken = (_call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void =>
    done(null, Buffer.from([0xff]));
  server.addService(
    {
      EnableIndication: method("enableIndication"),
      ActivateOnu: method("activateOnu"),
      OmciMsgOut: method("omciMsgOut"),
    },
    {
      EnableIndication: (call: ServerWritableStream<Buffer, Buffer>) => {
        for (const bytes of indications) call.write(Buffer.from(bytes));
      },
      ActivateOnu: taken,
      OmciMsgOut: taken,
    },
  );
  const port = await new Promise<number>((done, fail) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? fail(error) : done(bound),
    ),
  );
  closing.push(() => server.forceShutdown());
  return port;
}

function* announcements(count: number, vendor = "PCST"): Generator<Uint8Array> {
  const vendorSpecific = Buffer.alloc(4);
  for (let index = 0; index < count; index++) {
    vendorSpecific.writeUInt32BE(index);
    const serialNumber = { vendorId: Buffer.from(vendor), vendorSpecific: Uint8Array.from(vendorSpecific) };
    yield methods.enableIndication.response.encode({ onuDiscInd: { intfId: index % 20, serialNumber } });
  }
}

/** What the OLT's way makes of them; `ended` tells which cause was the last one. */
async function listen(port: number, until: (dropped: Map<string, number>) => boolean) {
  const dropped = new Map<string, number>();
  const ends: string[] = [];
  const southbound = new OpenOltSouthbound({
    address: `127.0.0.1:${port}`,
    nowNs: () => performance.now() * 1e6,
    onFrame: undefined,
    onEnd: (cause) => ends.push(cause),
  });
  closing.push(() => southbound.close());
  const enough = new Promise<void>((done) => {
    southbound.handlers = {
      ...southbound.handlers,
      onDropped: (_, cause) => {
        dropped.set(cause, (dropped.get(cause) ?? 0) + 1);
        if (until(dropped)) done();
      },
    };
  });
  await southbound.start();
  await enough;
  return { southbound, dropped, ends };
}

it("20,000 announcements are as many ONUs as there can be, and a count", async () => {
  const port = await serve(announcements(20_000));
  const { southbound, dropped, ends } = await listen(port, (all) => all.get("too-many-onus") === 20_000 - 16 * 128);
  expect(southbound.onus).toHaveLength(16 * 128);
  expect(Math.max(...southbound.onus.map(({ onuId }) => onuId))).toBe(128);
  expect([...dropped.keys()].filter((cause) => cause !== "unreadable")).toEqual(["too-many-onus"]);
  expect(ends).toEqual([]);
});

it("what is no indication, and what is no serial number, is dropped, and the stream goes on", async () => {
  const noise = Array.from({ length: 50 }, (_, index) => Uint8Array.from([0x0a, 0x7f, index]));
  const port = await serve([...noise, ...announcements(3, "\u001b[2J"), ...announcements(5)]);
  const { southbound, dropped, ends } = await listen(port, (all) => all.get("bad-serial") === 3);
  while (southbound.onus.length < 5) await new Promise((turn) => setImmediate(turn));
  expect(dropped.get("unreadable")).toBeGreaterThanOrEqual(50);
  expect(ends).toEqual([]);
});
