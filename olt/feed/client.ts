/** An OLT's connection to the server of the feed: asks for its share, and goes on alone when nobody answers. */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { answerTo, CHALLENGE_BYTES, LineCutter, linkKey, readChallenge, readGrant } from "./lines.ts";
import { SealedLines } from "./sealed.ts";
import { FEED_ASK_MS, FeedShare } from "./shares.ts";

const NS_PER_SECOND = 1e9;
/** Between two attempts to connect. */
const CONNECT_AGAIN_MS = 250;

/** Where an OLT gets its share of the feed. */
export interface FeedAddress {
  address: string;
  port: number;
  key: Uint8Array;
  bytesPerSecond: number;
  /** That share it. */
  ports: number;
}

export interface FeedClientHandlers {
  /** What the OLT has sent so far, bytes of GEM frames. */
  sentBytes: () => number;
  /** Whether it had more to send than it might, since this was asked last. */
  wasHeldBack: () => boolean;
  onRate: (bytesPerSecond: number) => void;
  /** The server does not answer any more, or answers again. */
  onServer: (state: "lost" | "found", bytesPerSecond: number) => void;
}

export class FeedClient {
  readonly #where: FeedAddress;
  readonly #number: number;
  readonly #nowNs: () => number;
  readonly #handlers: FeedClientHandlers;
  readonly #share: FeedShare;
  readonly #timer: NodeJS.Timeout;
  #socket: Socket | undefined;
  /** Once it has answered the server's number. */
  #sealed: SealedLines | undefined;
  #connectedNs = -Infinity;
  #askedNs: number;
  #askedBytes = 0;
  #rate: number;

  /** @param number of the port */
  constructor(where: FeedAddress, number: number, nowNs: () => number, handlers: FeedClientHandlers) {
    this.#where = where;
    this.#number = number;
    this.#nowNs = nowNs;
    this.#handlers = handlers;
    this.#share = new FeedShare(nowNs(), where.bytesPerSecond, where.ports);
    this.#askedNs = nowNs();
    this.#rate = this.#share.bytesPerSecond;
    handlers.onRate(this.#rate);
    this.#timer = setInterval(() => this.#look(), FEED_ASK_MS);
    this.#connect();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket?.destroy();
  }

  #look(): void {
    const nowNs = this.#nowNs();
    if (this.#share.look(nowNs)) {
      this.#handlers.onServer("lost", this.#share.bytesPerSecond);
      // A connection over a line that was cut looks as it did: a new one says how things are.
      this.#socket?.destroy();
      this.#socket = undefined;
    }
    this.#tellRate();
    if (this.#socket === undefined && nowNs - this.#connectedNs > CONNECT_AGAIN_MS * 1e6) this.#connect();
    if (this.#sealed) this.#ask(nowNs, this.#sealed);
  }

  #ask(nowNs: number, sealed: SealedLines): void {
    const seconds = (nowNs - this.#askedNs) / NS_PER_SECOND;
    const sentBytes = this.#handlers.sentBytes();
    const usedBytesPerSecond = seconds > 0 ? (sentBytes - this.#askedBytes) / seconds : 0;
    this.#askedNs = nowNs;
    this.#askedBytes = sentBytes;
    const isHeldBack = this.#handlers.wasHeldBack();
    const ask = { usedBytesPerSecond, isHeldBack, rateBytesPerSecond: this.#share.bytesPerSecond };
    this.#socket?.write(sealed.seal(JSON.stringify(ask)));
  }

  #connect(): void {
    const { address, port } = this.#where;
    this.#connectedNs = this.#nowNs();
    this.#sealed = undefined;
    const socket = connect(port, address);
    const lines = new LineCutter();
    this.#socket = socket;
    const end = (): void => {
      socket.destroy();
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#sealed = undefined;
    };
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("error", end);
    socket.on("close", end);
    socket.on("data", (text: string) => {
      const whole = lines.take(text);
      if (whole === undefined || this.#socket !== socket || !whole.every((line) => this.#take(line))) end();
    });
  }

  #take(line: string): boolean {
    if (this.#sealed === undefined) {
      const { key } = this.#where;
      const said = readChallenge(line);
      if (said === undefined) return false;
      const hello = { port: this.#number, nonce: randomBytes(CHALLENGE_BYTES).toString("hex") };
      const answer = answerTo(key, said.challenge, hello);
      this.#socket?.write(`${JSON.stringify({ ...hello, answer })}\n`);
      this.#sealed = new SealedLines(linkKey(key, said.challenge, hello.nonce), "client");
      return true;
    }
    const text = this.#sealed.open(line);
    const grant = text === undefined ? undefined : readGrant(text);
    if (grant === undefined) return false;
    const wasLost = this.#share.isLost;
    this.#share.handleGrant(this.#nowNs(), grant.bytesPerSecond);
    if (wasLost) this.#handlers.onServer("found", grant.bytesPerSecond);
    this.#tellRate();
    return true;
  }

  #tellRate(): void {
    const { bytesPerSecond } = this.#share;
    if (bytesPerSecond === this.#rate) return;
    this.#rate = bytesPerSecond;
    this.#handlers.onRate(bytesPerSecond);
  }
}
