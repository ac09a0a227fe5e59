/** An OLT's connection to the server of the feed: asks for its share, and goes on alone when nobody answers. */
import { connect, type Socket } from "node:net";
import { answerTo, LineCutter, readChallenge, readGrant } from "./lines.ts";
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
  #isKnown = false;
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
    if (this.#isKnown) this.#ask(nowNs);
  }

  #ask(nowNs: number): void {
    const seconds = (nowNs - this.#askedNs) / NS_PER_SECOND;
    const sentBytes = this.#handlers.sentBytes();
    const usedBytesPerSecond = seconds > 0 ? (sentBytes - this.#askedBytes) / seconds : 0;
    this.#askedNs = nowNs;
    this.#askedBytes = sentBytes;
    const isHeldBack = this.#handlers.wasHeldBack();
    this.#say({ usedBytesPerSecond, isHeldBack, rateBytesPerSecond: this.#share.bytesPerSecond });
  }

  #connect(): void {
    const { address, port } = this.#where;
    this.#connectedNs = this.#nowNs();
    this.#isKnown = false;
    const socket = connect(port, address);
    const lines = new LineCutter();
    this.#socket = socket;
    const end = (): void => {
      socket.destroy();
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#isKnown = false;
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
    if (!this.#isKnown) {
      const { key } = this.#where;
      const said = readChallenge(line);
      if (said === undefined) return false;
      this.#say({ port: this.#number, answer: answerTo(key, said.challenge, this.#number) });
      this.#isKnown = true;
      return true;
    }
    const grant = readGrant(line);
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

  #say(message: object): void {
    this.#socket?.write(`${JSON.stringify(message)}\n`);
  }
}
