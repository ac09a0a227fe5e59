/** The way of a host to the owner of a run: both show the key, and nobody else can say anything then. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type DoorConfig, dialOwner, type HostLink, serveFeed } from "../../../olt/feed/index.ts";
import { SealedLines } from "../../../olt/feed/sealed.ts";

const KEY = new Uint8Array(16).fill(7);
const OTHER_KEY = new Uint8Array(16).fill(8);
const HOST = "0123456789abcdef0123456789abcdef";
const config: DoorConfig = { ports: 2, host: "127.0.0.1", port: 0, key: KEY, epochNs: 0n };
const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.close()));

async function door(onHost: (link: HostLink) => void): Promise<{ address: string; port: number }> {
  const served = await serveFeed(config, () => 0, onHost);
  opened.push(served);
  return served.address;
}

/** How the attempt ended, and what was heard before. */
function dial(
  where: { address: string; port: number },
  key: Uint8Array,
  say = "",
): Promise<{ how: string; heard: string[] }> {
  const heard: string[] = [];
  return new Promise((done) => {
    const dialled = dialOwner({ ...where, key }, HOST, {
      onLink: (link) => {
        link.onText = (text) => {
          heard.push(text);
          if (text === "welcome" && say !== "") link.say(say);
          if (text === "bye") link.end();
        };
      },
      onEnd: (how) => done({ how, heard }),
    });
    opened.push({ close: () => dialled.drop() });
  });
}

describe("a host's way to the owner", () => {
  it("is open to who has the key, both ways", async () => {
    const heard: string[] = [];
    const where = await door((link) => {
      expect(link.host).toBe(HOST);
      link.onText = (text) => {
        heard.push(text);
        link.say("bye");
      };
      link.say("welcome");
    });
    // Longer than anything that is taken before the key was shown.
    const long = "x".repeat(100_000);
    expect(await dial(where, KEY, long)).toEqual({ how: "over", heard: ["welcome", "bye"] });
    expect(heard).toEqual([long]);
  });

  it("is shut to who has another key: no host comes of it, and it is told nothing", async () => {
    const links: HostLink[] = [];
    const where = await door((link) => links.push(link));
    expect(await dial(where, OTHER_KEY)).toEqual({ how: "refused", heard: [] });
    expect(links).toEqual([]);
  });

  it("is shut where no hosts are asked for", async () => {
    const served = await serveFeed({ ...config, bytesPerSecond: 1000 }, () => 0);
    opened.push(served);
    expect(await dial(served.address, KEY)).toEqual({ how: "refused", heard: [] });
  });

  it("ends where somebody without the key plays the owner: what he says is heard by nobody", async () => {
    const server = createServer((socket: Socket) => {
      socket.on("error", () => undefined);
      socket.write(`${JSON.stringify({ challenge: "00".repeat(16) })}\n`);
      socket.once("data", () => socket.write(`${"0".repeat(32)}0 0 {"type":"stop"}\n`));
    });
    opened.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    expect(await dial({ address: "127.0.0.1", port }, KEY)).toEqual({ how: "refused", heard: [] });
  });

  it("is told apart from nobody being there", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    expect(await dial({ address: "127.0.0.1", port }, KEY)).toEqual({ how: "unreachable", heard: [] });
  });

  it("is shut to a wrong answer, whatever comes behind it", async () => {
    const said: string[] = [];
    const where = await door((link) => (link.onText = (text) => said.push(text)));
    const socket = connect(where.port, where.address);
    opened.push({ close: () => socket.destroy() });
    const lines = `{"host":"${HOST}","nonce":"${HOST}","answer":"00"}\n0 0 {"type":"over"}\n`;
    await new Promise((done) => {
      socket.on("error", () => undefined);
      socket.on("close", done);
      socket.resume();
      socket.write(lines);
    });
    expect(said).toEqual([]);
  });
});

describe("sealed lines", () => {
  const ends = () => [new SealedLines(KEY, "client"), new SealedLines(KEY, "server")] as const;

  it("open at the other end, in their order", () => {
    const [host, owner] = ends();
    const sealed = ["one", "two", ""].map((text) => host.seal(text).trimEnd());
    expect(sealed.map((line) => owner.open(line))).toEqual(["one", "two", ""]);
  });

  it("do not open changed, again, out of order, sent back, or with another key", () => {
    const [host, owner] = ends();
    const [first, second] = ["one", "two"].map((text) => host.seal(text).trimEnd());
    expect(owner.open(`${first}x`)).toBeUndefined();
    expect(owner.open(first.replace(/.$/, "f"))).toBeUndefined();
    expect(owner.open(second)).toBeUndefined();
    expect(host.open(first)).toBeUndefined();
    expect(new SealedLines(OTHER_KEY, "server").open(first)).toBeUndefined();
    expect(owner.open("")).toBeUndefined();
    expect(owner.open(first)).toBe("one");
    expect(owner.open(first)).toBeUndefined();
  });
});
