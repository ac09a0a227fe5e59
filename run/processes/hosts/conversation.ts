/** What two ends tell each other over connections that come and go: each message once, and in order. */
import { ofText, toText } from "./wire.ts";

/** The other end is lost when it has said nothing for so long; either end says something every `SAY_MS`. */
export const HOST_LOST_NS = 3e9;
export const SAY_MS = 500;
/** Kept for an end that is lost; beyond that what may be left out is. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

/** A connection, as `HostLink` is one. */
export interface TextLink {
  onText: (text: string) => void;
  onEnd: () => void;
  say(text: string): void;
  /** What was said still goes out. */
  end(): void;
  drop(): void;
}

export interface ConversationHandlers<Out, In> {
  onMessage: (message: In) => void;
  /** The other end does not answer any more, or answers again. */
  onState: (state: "lost" | "found") => void;
  /** It has heard what we never said: it is in another run's conversation. @returns what it is told before it is sent away */
  onStranger: () => Out | undefined;
}

interface Kept {
  number: number;
  text: string;
  mayBeLost: boolean;
}

/** Number of the message (0: it is not counted, or there is none), of the last one heard, and the message itself. */
const LINE = /^(\d{1,15}) (\d{1,15}) (.*)$/s;

export class Conversation<Out, In> {
  readonly #nowNs: () => number;
  readonly #handlers: ConversationHandlers<Out, In>;
  #link: TextLink | undefined;
  /** What the other end lacks has been sent on this connection. */
  #isCaughtUp = false;
  #said = 0;
  #heard = 0;
  #kept: Kept[] = [];
  #keptBytes = 0;
  #isLost = false;
  /** When the other end was heard last, on the clock that was given. */
  heardNs: number;
  /** Messages that were left out, as there were too many. */
  leftOut = 0;

  constructor(nowNs: () => number, handlers: ConversationHandlers<Out, In>) {
    this.#nowNs = nowNs;
    this.#handlers = handlers;
    this.heardNs = nowNs();
  }

  get isAttached(): boolean {
    return this.#link !== undefined;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** All that was said has been heard. */
  get isAllHeard(): boolean {
    return this.#kept.length === 0;
  }

  /** Goes on over this connection, whatever became of the one before. */
  attach(link: TextLink): void {
    this.#link?.drop();
    this.#link = link;
    this.#isCaughtUp = false;
    link.onText = (text) => {
      if (this.#link === link && !this.#take(text)) link.drop();
    };
    link.onEnd = () => {
      if (this.#link === link) this.#link = undefined;
    };
    this.#acknowledge();
  }

  /** Arrives, once the other end can be reached. @param mayBeLost where it is away for too long */
  send(message: Out, mayBeLost = false): void {
    const text = toText(message);
    const one = { number: ++this.#said, text, mayBeLost };
    this.#kept.push(one);
    this.#keptBytes += text.length;
    if (this.#isCaughtUp) this.#write(one);
    while (this.#keptBytes > KEPT_BYTES_MAX && this.#leaveOneOut());
  }

  /** Arrives if the other end is there now: for what is said again anyway. */
  tell(message: Out): void {
    if (this.#isCaughtUp) this.#write({ number: 0, text: toText(message) });
  }

  /** To be called every `SAY_MS`. */
  look(): void {
    this.#acknowledge();
    if (this.#isLost || this.#nowNs() - this.heardNs <= HOST_LOST_NS) return;
    this.#isLost = true;
    this.end();
    this.#handlers.onState("lost");
  }

  /** For now: it may be attached again. */
  end(): void {
    this.#link?.drop();
    this.#link = undefined;
  }

  /** For good. @returns resolves once the other end has gone as well */
  hangUp(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    return new Promise((done) => {
      if (link === undefined) return done();
      link.onEnd = done;
      link.end();
    });
  }

  #take(line: string): boolean {
    const [, number, heard, text] = LINE.exec(line) ?? [];
    if (number === undefined) return false;
    this.heardNs = this.#nowNs();
    if (this.#isLost) {
      this.#isLost = false;
      this.#handlers.onState("found");
    }
    if (Number(heard) > this.#said) return this.#sendAway();
    this.#forget(Number(heard));
    if (!this.#isCaughtUp) {
      this.#isCaughtUp = true;
      for (const one of this.#kept) this.#write(one);
    }
    return this.#deliver(Number(number), text);
  }

  #sendAway(): boolean {
    const last = this.#handlers.onStranger();
    if (last !== undefined) this.#write({ number: 0, text: toText(last) });
    void this.hangUp();
    return true;
  }

  #deliver(number: number, text: string): boolean {
    // It did not know yet that we have it.
    if (number > 0 && number <= this.#heard) return true;
    let message: unknown;
    try {
      message = text === "" ? undefined : ofText(text);
    } catch {
      return false;
    }
    if (number > 0) this.#heard = number;
    if (message !== undefined) this.#handlers.onMessage(message as In);
    if (number > 0) this.#acknowledge();
    return true;
  }

  #forget(number: number): void {
    let count = 0;
    while (count < this.#kept.length && this.#kept[count].number <= number)
      this.#keptBytes -= this.#kept[count++].text.length;
    if (count > 0) this.#kept = this.#kept.slice(count);
  }

  #leaveOneOut(): boolean {
    const index = this.#kept.findIndex(({ mayBeLost }) => mayBeLost);
    if (index < 0) return false;
    const [out] = this.#kept.splice(index, 1);
    this.#keptBytes -= out.text.length;
    this.leftOut++;
    return true;
  }

  #acknowledge(): void {
    this.#write({ number: 0, text: "" });
  }

  #write({ number, text }: Pick<Kept, "number" | "text">): void {
    this.#link?.say(`${number} ${this.#heard} ${text}`);
  }
}
