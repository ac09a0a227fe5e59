/** What is on its way in one direction between the OLT and one ONT: in order, but for what a fault has made late. */

interface Channel {
  /** First in, first out. */
  order: readonly number[];
  /** May come at any time; sorted, so that one is like another. */
  late: readonly number[];
}

const MESSAGES_MAX = 2 ** 22;

/** All contents that channels have had, each once: states name them by number. 0 = nothing is on its way. */
export class Channels {
  readonly #all: Channel[] = [];
  readonly #numbers = new Map<string, number>();
  /** Results of the two that happen at each step. */
  readonly #taken: number[] = [];
  readonly #pushed = new Map<number, number>();

  constructor() {
    this.#numberOf({ order: [], late: [] });
  }

  get(number: number): Channel {
    return this.#all[number];
  }

  /** Without the first. */
  take(number: number): number {
    return (this.#taken[number] ??= this.#change(number, ({ order, late }) => ({ order: order.slice(1), late })));
  }

  push(number: number, message: number): number {
    const key = number * MESSAGES_MAX + message;
    let to = this.#pushed.get(key);
    if (to === undefined) {
      to = this.#change(number, ({ order, late }) => ({ order: [...order, message], late }));
      this.#pushed.set(key, to);
    }
    return to;
  }

  /** The first is late from now on. */
  delay(number: number): number {
    return this.#change(number, ({ order: [first, ...order], late }) => ({ order, late: sorted([...late, first]) }));
  }

  /** Without a late one, by its place. */
  takeLate(number: number, place: number): number {
    return this.#change(number, ({ order, late }) => ({ order, late: late.filter((_, index) => index !== place) }));
  }

  /** What was late will not come any more. */
  forgetLate(number: number): number {
    return this.#all[number].late.length === 0 ? number : this.#change(number, ({ order }) => ({ order, late: [] }));
  }

  #change(number: number, change: (channel: Channel) => Channel): number {
    return this.#numberOf(change(this.#all[number]));
  }

  #numberOf(channel: Channel): number {
    const key = `${channel.order.join(" ")}/${channel.late.join(" ")}`;
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.#all.push(channel) - 1));
    return number;
  }
}

const sorted = (messages: number[]): number[] => messages.toSorted((a, b) => a - b);
