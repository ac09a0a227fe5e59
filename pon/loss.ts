import type { RandomStream } from "./random.ts";

/** Decides for one frame after the other whether it is lost. */
export interface LossProcess {
  /** The fate of the next frame. */
  lose(): boolean;
  /**
   * The same for the next `count` frames at once, at a cost that grows with the losses, not with the frames.
   *
   * @param out takes the indices of the lost ones, ascending. @returns how many.
   */
  lostWithin(count: number, out: number[]): number;
}

export const noLoss: LossProcess = { lose: () => false, lostWithin: () => 0 };

/** Every frame is lost with the same chance, whatever happened before. */
export class IndependentLoss implements LossProcess {
  readonly #stream: RandomStream;
  readonly #chance: number;
  #untilLost: number;

  constructor(stream: RandomStream, chance: number) {
    this.#stream = stream;
    this.#chance = chance;
    this.#untilLost = stream.nextGeometric(chance);
  }

  lose(): boolean {
    if (this.#untilLost > 0) {
      this.#untilLost--;
      return false;
    }
    this.#untilLost = this.#stream.nextGeometric(this.#chance);
    return true;
  }

  lostWithin(count: number, out: number[]): number {
    let lost = 0;
    let at = this.#untilLost;
    while (at < count) {
      out[lost++] = at;
      at += 1 + this.#stream.nextGeometric(this.#chance);
    }
    this.#untilLost = at - count;
    return lost;
  }
}

/**
 * Gilbert-Elliott: a good and a bad state, with geometric stays and a loss chance of their own each. Both the stays and
 * the losses within them are skipped to, not stepped through.
 */
export class BurstLoss implements LossProcess {
  readonly #stream: RandomStream;
  readonly #options: BurstLossOptions;
  #bad = false;
  #stayFrames: number;
  readonly #one: number[] = [];

  constructor(stream: RandomStream, options: BurstLossOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#stayFrames = 1 + stream.nextGeometric(options.goodToBad);
  }

  lose(): boolean {
    return this.lostWithin(1, this.#one) === 1;
  }

  lostWithin(count: number, out: number[]): number {
    let lost = 0;
    let from = 0;
    while (from < count) {
      const frames = Math.min(count - from, this.#stayFrames);
      lost = this.#loseWithin(from, frames, out, lost);
      from += frames;
      this.#stayFrames -= frames;
      if (this.#stayFrames === 0) this.#change();
    }
    return lost;
  }

  #loseWithin(from: number, frames: number, out: number[], lostBefore: number): number {
    const chance = this.#bad ? this.#options.lossBad : this.#options.lossGood;
    let lost = lostBefore;
    for (let at = this.#stream.nextGeometric(chance); at < frames; at += 1 + this.#stream.nextGeometric(chance)) {
      out[lost++] = from + at;
    }
    return lost;
  }

  #change(): void {
    this.#bad = !this.#bad;
    this.#stayFrames = 1 + this.#stream.nextGeometric(this.#bad ? this.#options.badToGood : this.#options.goodToBad);
  }
}

export interface BurstLossOptions {
  /** Chance, frame by frame, to change from good to bad and back. */
  goodToBad: number;
  badToGood: number;
  /** Chance to lose a frame in either state. */
  lossGood: number;
  lossBad: number;
}

/** A frame is lost when any of several processes loses it; each sees every frame. */
export class AnyLoss implements LossProcess {
  readonly #parts: readonly LossProcess[];
  readonly #scratch: number[] = [];

  constructor(parts: readonly LossProcess[]) {
    this.#parts = parts;
  }

  lose(): boolean {
    let lost = false;
    for (const part of this.#parts) if (part.lose()) lost = true;
    return lost;
  }

  lostWithin(count: number, out: number[]): number {
    const all = new Set<number>();
    for (const part of this.#parts) {
      const lost = part.lostWithin(count, this.#scratch);
      for (let index = 0; index < lost; index++) all.add(this.#scratch[index]);
    }
    const sorted = [...all].sort((a, b) => a - b);
    sorted.forEach((at, index) => {
      out[index] = at;
    });
    return sorted.length;
  }
}

export const anyLoss = (parts: readonly LossProcess[]): LossProcess =>
  parts.length === 0 ? noLoss : parts.length === 1 ? parts[0] : new AnyLoss(parts);
