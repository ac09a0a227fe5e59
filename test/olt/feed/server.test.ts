/** The server of the feed over sockets: who has the key is told a share, nobody else anything. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../base/clock/index.ts";
import { FeedClient, type FeedServerConfig, type RunningFeed, serveFeed } from "../../../olt/feed/index.ts";

const nowNs = systemClock(process.hrtime.bigint());
const config: FeedServerConfig = {
  bytesPerSecond: 800_000,
  ports: 2,
  host: "127.0.0.1",
  port: 0,
  key: new Uint8Array(16).fill(7),
  epochNs: process.hrtime.bigint(),
};
const opened: { stop(): void }[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.stop()));

async function served(port = 0): Promise<RunningFeed> {
  const feed = await serveFeed({ ...config, port }, nowNs);
  opened.push({ stop: () => feed.close() });
  return feed;
}

interface Asked {
  rates: number[];
  states: string[];
  /** Resolves when this is true of what was told. */
  when: (isSo: (asked: Asked) => boolean) => Promise<void>;
}

/** Somebody on the way to the server, who may change each line. */
async function between(
  feed: RunningFeed,
  change: { up?: (line: string) => string; down?: (line: string) => string },
): Promise<{ way: Pick<RunningFeed, "address">; connections: Socket[]; connected: (count: number) => Promise<void> }> {
  const connections: Socket[] = [];
  const waiting: (() => void)[] = [];
  const changed = (from: Socket, to: Socket, by = (line: string) => line): void => {
    let begun = "";
    from.setEncoding("latin1").on("data", (text: string) => {
      const lines = (begun + text).split("\n");
      begun = lines.pop()!;
      for (const line of lines) if (to.writable) to.write(`${by(line)}\n`);
    });
    from.on("error", () => undefined).on("close", () => to.destroy());
  };
  const server = createServer((socket) => {
    const { port, address } = feed.address;
    const on = connect(port, address);
    changed(socket, on, change.up);
    changed(on, socket, change.down);
    connections.push(socket);
    waiting.forEach((look) => look());
  });
  opened.push({ stop: () => (server.close(), connections.forEach((socket) => socket.destroy())) });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const connected = (count: number): Promise<void> =>
    new Promise((done) => {
      const look = (): void => void (connections.length >= count && done());
      waiting.push(look);
      look();
    });
  return { way: { address: { address: "127.0.0.1", port } }, connections, connected };
}

/** An OLT that always has more to send than it may, or nothing. */
function olt(feed: Pick<RunningFeed, "address">, number: number, { key = config.key, wasHeldBack = true } = {}): Asked {
  const waiting: (() => void)[] = [];
  const told = (): void => waiting.forEach((look) => look());
  const asked: Asked = {
    rates: [],
    states: [],
    when: (isSo) =>
      new Promise((done) => {
        const look = (): void => {
          if (isSo(asked)) done();
        };
        waiting.push(look);
        look();
      }),
  };
  const where = { ...feed.address, key, bytesPerSecond: config.bytesPerSecond, ports: config.ports };
  const client = new FeedClient(where, number, nowNs, {
    sentBytes: () => 0,
    wasHeldBack: () => wasHeldBack,
    onRate: (rate) => {
      asked.rates.push(rate);
      told();
    },
    onServer: (state) => {
      asked.states.push(state);
      told();
    },
  });
  opened.push(client);
  return asked;
}

describe("the server of the feed", () => {
  it("is lost when it dies: the OLT goes on at its fair share, and comes back to it", async () => {
    const feed = await served();
    const { port } = feed.address;
    const one = olt(feed, 0);
    feed.close();
    await one.when(({ states }) => states.length === 1);
    expect(one.states).toEqual(["lost"]);
    expect(one.rates.at(-1)).toBe(400_000);
    await served(port);
    await one.when(({ states }) => states.length === 2);
    expect(one.states).toEqual(["lost", "found"]);
  });

  it("tells nothing to who has another key: that OLT keeps to its fair share", async () => {
    const feed = await served();
    const stranger = olt(feed, 0, { key: new Uint8Array(16).fill(8) });
    await stranger.when(({ states }) => states.includes("lost"));
    expect(stranger.rates).toEqual([400_000]);
  });

  it("is heard as it is over a way that changes nothing", async () => {
    const feed = await served();
    const { way } = await between(feed, {});
    olt(feed, 1, { wasHeldBack: false });
    const one = olt(way, 0);
    await one.when(({ rates }) => rates.some((rate) => rate > 400_000));
    expect(one.states).toEqual([]);
  });

  it("is not heard where a share is changed, said again, or told by somebody without the key", async () => {
    const forgeries: ((line: string) => string)[] = [
      (line) => line.replace(/"bytesPerSecond":[\d.]+/, '"bytesPerSecond":799999'),
      (line) => (line.includes("challenge") ? line : `${line}\n${line}`),
      (line) => (line.includes("challenge") ? line : `{"bytesPerSecond":799999}`),
      (line) => (line.includes("challenge") ? line : `${"0".repeat(32)}{"bytesPerSecond":799999}`),
    ];
    for (const down of forgeries) {
      const { way, connected } = await between(await served(), { down });
      const one = olt(way, 0);
      // Each forgery ends its connection.
      await connected(3);
      expect(one.rates).not.toContain(799_999);
    }
  });

  it("hears no ask that is changed, or of somebody who has not shown the key", async () => {
    const asks: string[] = [];
    const feed = await served();
    const { way, connected } = await between(feed, {
      up: (line) => {
        if (!line.includes("nonce")) asks.push(line);
        return line.replace('"isHeldBack":true', '"isHeldBack":false');
      },
    });
    const one = olt(way, 0);
    await connected(3);
    expect(one.rates).toEqual([400_000]);
    // One ask a connection: it was the changed one that ended it.
    expect(asks.length).toBeLessThanOrEqual(3);
  });

  it("ends a connection that speaks anything else", async () => {
    const { address } = await served();
    for (const words of ["GET / HTTP/1.1\r\n\r\n", `{"port":0,"answer":"00"}\n`, `{"port":9}\n`, "x".repeat(5000)]) {
      const socket = connect(address.port, address.address);
      const said = await new Promise<string>((done) => {
        let text = "";
        socket.on("data", (chunk) => (text += String(chunk)));
        socket.on("error", () => undefined);
        socket.on("close", () => done(text));
        socket.write(words);
      });
      expect(said).not.toContain("bytesPerSecond");
    }
  });
});
