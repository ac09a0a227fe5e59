/** Random choices for fuzz runs, each topic with a stream of its own. */
import { createStream, type RandomStream } from "../../pon/index.ts";

/** Draws of one topic of one seed: what is drawn elsewhere changes nothing here. */
export class Dice {
  readonly #stream: RandomStream;

  constructor(seed: number, topic: string) {
    this.#stream = createStream(seed, `fuzz/${topic}`);
  }

  chance(probability: number): boolean {
    return this.#stream.nextFloat() < probability;
  }

  /** Whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number {
    return least + this.#stream.nextBelow(most - least + 1);
  }

  /** As `between`, with each order of magnitude as likely as the others. */
  spread(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.#stream.nextFloat());
  }

  fraction(least: number, most: number): number {
    return least + this.#stream.nextFloat() * (most - least);
  }

  /** One of them; naming a value twice makes it twice as likely. */
  among<Value>(values: readonly Value[]): Value {
    return values[this.#stream.nextBelow(values.length)];
  }
}
