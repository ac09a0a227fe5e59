/** The server of the feed over sockets: who has the key is told a share, nobody else anything. */
import { connect } from "node:net";
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

/** An OLT that always has more to send than it may. */
function olt(feed: RunningFeed, number: number, key = config.key): Asked {
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
    wasHeldBack: () => true,
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
    const stranger = olt(feed, 0, new Uint8Array(16).fill(8));
    await stranger.when(({ states }) => states.includes("lost"));
    expect(stranger.rates).toEqual([400_000]);
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
