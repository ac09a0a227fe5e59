/** The image as an OLT sends it, window by window: what of it the ONT has taken, and where the OLT is. */
import type { Message } from "../../omci/index.ts";
import { RESULT } from "../../omci/index.ts";
import type { OltRule } from "./rules.ts";

type Section = Extract<Message, { type: "downloadSectionRequest" }>;

/** Told of what a rule is about, whether it holds, and what is wrong where it does not. */
export type Check = (rule: OltRule, holds: boolean, cause: string) => void;

interface Sent {
  number: number;
  tci: number;
  data: Uint8Array;
}

/** One window as it was sent last, in the order in which its sections came. */
interface Window {
  sections: Sent[];
  /** TCI of the section that asked for the answer; undefined: none has yet. */
  askedTci: number | undefined;
}

const empty = (): Window => ({ sections: [], askedTci: undefined });
const isSame = (a: Sent | undefined, b: Sent): boolean => a?.tci === b.tci && isSameData(a, b);
const isSameData = (a: Sent | undefined, b: Sent): boolean => a !== undefined && Buffer.compare(a.data, b.data) === 0;

/** Sections by their numbers; of one that came twice the later counts. */
const ordered = ({ sections }: Window): Sent[] =>
  [...new Map(sections.map((each) => [each.number, each])).values()].sort((a, b) => a.number - b.number);
const joined = (windows: readonly Sent[][]): Uint8Array => Buffer.concat(windows.flat().map(({ data }) => data));

/** The download under way. */
export class Transfer {
  readonly instanceId: number;
  /** Sections of a window at most. */
  readonly granted: number;
  readonly imageBytes: number;
  readonly #accepted: Sent[][] = [];
  #acceptedBytes = 0;
  #window = empty();
  /** The same window as it asked for its answer before it came again: the answer to that may be late. */
  #before = empty();
  /** The window is one that was answered ok, and comes again under the TCIs it had: its answer got lost, or was late. */
  #isAgain = false;
  #refused = false;

  constructor(start: { instanceId: number; granted: number; imageBytes: number }) {
    ({ instanceId: this.instanceId, granted: this.granted, imageBytes: this.imageBytes } = start);
  }

  /** Bytes that the ONT took. */
  get bytes(): number {
    return this.#acceptedBytes;
  }

  get windows(): number {
    return this.#accepted.length;
  }

  section({ sectionNumber: number, tci, ackRequested, data }: Section, check: Check): void {
    const sent = { number, tci, data: data.slice() };
    check("window.granted", number < this.granted, `${this.#name}: section ${number}, ${this.granted} were granted`);
    if (this.#refused) {
      check("window.repeat", number === 0, `${this.#name} was refused, and goes on with section ${number}`);
      this.#begin();
    } else if (number === 0) this.#fromZero(sent, check);
    else this.#goesOn(number, check);
    this.#refused = false;
    const window = this.#window;
    window.sections.push(sent);
    if (ackRequested) {
      window.askedTci = tci;
      check("section.ar", true, "");
    } else if (number === this.granted - 1) this.#asksNothing(number, check);
  }

  get #name(): string {
    return `window ${this.#isAgain ? this.windows - 1 : this.windows}`;
  }

  #asksNothing(number: number, check: Check): void {
    check("section.ar", false, `section ${number}, the last of ${this.#name}, asks for no answer`);
  }

  /** A window begins, or begins again. */
  #fromZero(sent: Sent, check: Check): void {
    const { sections, askedTci } = this.#window;
    const first = sections[0];
    if (first === undefined) this.#isAgain = isSame(this.#accepted.at(-1)?.[0], sent);
    else if (this.#isAgain) this.#isAgain = isSame(first, sent);
    else if (!isSameData(first, sent)) {
      if (askedTci !== undefined) check("window.wait", false, `${this.#name} is not answered yet, and another begins`);
      else this.#asksNothing(sections.at(-1)!.number, check);
    }
    if (askedTci !== undefined) this.#before = this.#window;
    this.#window = empty();
  }

  #goesOn(number: number, check: Check): void {
    const { sections, askedTci } = this.#window;
    const before = sections.length > 0 ? sections : (this.#accepted.at(-1) ?? []);
    const last = before.at(-1)?.number ?? -1;
    if (number === last + 1 && (sections.length === 0 || askedTci !== undefined)) {
      const cause = `section ${last} asks for an answer in the middle of a window, section ${number} goes on with it`;
      return check("section.ar", false, cause);
    }
    const next = sections.length > 0 ? last + 1 : 0;
    check("section.order", number === next, `${this.#name}: section ${number}, ${next} was to come`);
  }

  #begin(): void {
    this.#window = empty();
    this.#before = empty();
  }

  /** An answer to the section that asked. */
  answered({ tci, result }: Extract<Message, { type: "downloadSectionResponse" }>, check: Check): void {
    const window = [this.#window, this.#before].find(({ askedTci }) => askedTci === tci);
    if (window === undefined) return;
    const isLate = window !== this.#window;
    if (result !== RESULT.ok) {
      this.#refused = !isLate && !this.#isAgain && result !== RESULT.deviceBusy;
      return;
    }
    if (!this.#isAgain) {
      const sections = ordered(window);
      this.#accepted.push(sections);
      this.#acceptedBytes += joined([sections]).length;
    }
    check("window.wait", true, "");
    this.#before = empty();
    this.#isAgain = isLate;
    if (!isLate) this.#begin();
  }

  /** The OLT says that all was sent. */
  ended(check: Check): void {
    const { sections, askedTci } = this.#window;
    if (sections.length > 0 && !this.#isAgain && askedTci === undefined)
      this.#asksNothing(sections.at(-1)!.number, check);
  }

  /** All bytes that were taken, in their order, with what fills the last section up. */
  sent(): Uint8Array {
    return joined(this.#accepted);
  }

  /**
   * The same without windows that came again under new TCIs: an ONT that answered takes them for more of the image, an OLT
   * that lost the answer for the same.
   */
  sentOnce(): Uint8Array {
    return joined(
      this.#accepted.filter((sections, index) => {
        const before = this.#accepted[index - 1];
        return before?.length !== sections.length || !sections.every((each, at) => isSameData(before[at], each));
      }),
    );
  }
}
