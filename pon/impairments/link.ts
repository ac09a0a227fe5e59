/** What all impairments of one direction do to each frame on it. Sees lengths and times, never bytes. */
import { createStream, type RandomStream } from "../random.ts";
import { createDelay, OVERFLOW, type Delay } from "./delays.ts";
import { createMark, EFFECT, type Effect, type Mark } from "./marks.ts";
import { checkImpairment, type ImpairmentKind, type ImpairmentSpec } from "./spec.ts";

/** What becomes of one frame. Meant to be reused. */
export interface FrameVerdict {
  effect: Effect;
  /** From now until the frame gets out; for a duplicated one, of both. 0 where the frame is lost. */
  delayNs: number;
  /** What caused the effect; undefined where there is none. */
  cause: ImpairmentKind | undefined;
}

export const newFrameVerdict = (): FrameVerdict => ({ effect: EFFECT.none, delayNs: 0, cause: undefined });

/** The frames of a batch that something happens to, in order; each once. Reused: valid until the next batch. */
export interface Marked {
  count: number;
  /** Index within the batch. */
  frame: Uint32Array;
  effect: Uint8Array;
  cause: ImpairmentKind[];
  /** On top of the link's constant delay; not 0 only where the effect is `late`. */
  lateNs: Float64Array;
}

/**
 * One direction and channel of a fibre, with its impairments. The frames are asked about in the order in which they are
 * put on the link: one by one (`decide`), or many at once (`markedWithin`), with the same outcome.
 */
export class Link {
  /**
   * The delay of every frame that is not late, when it is always the same; undefined when it has to be asked for frame by
   * frame, with `decide`.
   */
  readonly constantDelayNs: number | undefined;
  /** No impairments at all: no frame needs to be asked about. */
  readonly clear: boolean;
  /** Some frames come out later than they went in. */
  readonly holdsBack: boolean;
  /** Draws for what a corruption does to a frame: which bits flip. */
  readonly bits: RandomStream;
  /** Bits to flip in a corrupted frame. */
  readonly bitFlips: number;
  readonly #marks: readonly Mark[];
  readonly #delays: readonly Delay[];
  /** Frames that each mark, and each delay, has struck. */
  readonly #markHits: Float64Array;
  readonly #delayHits: Float64Array;
  #marked: Marked = newMarked(64);
  readonly #scratch: { frame: number; mark: number; lateNs: number }[] = [];

  constructor(marks: readonly Mark[], delays: readonly Delay[], bits: RandomStream, bitFlips: number) {
    this.#marks = marks;
    this.#delays = delays;
    this.#markHits = new Float64Array(marks.length);
    this.#delayHits = new Float64Array(delays.length);
    this.bits = bits;
    this.bitFlips = bitFlips;
    this.clear = marks.length === 0 && delays.length === 0;
    this.holdsBack = delays.length > 0 || marks.some(({ effect }) => effect === EFFECT.late);
    this.constantDelayNs = delays.reduce<number | undefined>(
      (sum, { constantNs }) => (sum === undefined || constantNs === undefined ? undefined : sum + constantNs),
      0,
    );
  }

  /** Frames each impairment struck so far. */
  hits(): ReadonlyMap<ImpairmentKind, number> {
    const hits = new Map<ImpairmentKind, number>();
    const add = ({ kind }: { kind: ImpairmentKind }, struck: number): void => {
      if (struck > 0) hits.set(kind, (hits.get(kind) ?? 0) + struck);
    };
    this.#marks.forEach((mark, index) => add(mark, this.#markHits[index]));
    this.#delays.forEach((delay, index) => add(delay, this.#delayHits[index]));
    return hits;
  }

  /** Decides about the next frame. @param frameBytes with GEM header. */
  decide(nowNs: number, frameBytes: number, verdict: FrameVerdict): void {
    verdict.effect = EFFECT.none;
    verdict.delayNs = 0;
    verdict.cause = undefined;
    let lateNs = 0;
    for (let index = 0; index < this.#marks.length; index++) {
      const mark = this.#marks[index];
      if (mark.framesUntilHit(1, frameBytes, nowNs, 0) !== 0) continue;
      const markLateNs = mark.lateNs();
      this.#markHits[index]++;
      if (mark.effect <= verdict.effect) continue;
      verdict.effect = mark.effect;
      verdict.cause = mark.kind;
      lateNs = markLateNs;
    }
    if (verdict.effect !== EFFECT.lost) this.#delay(nowNs, frameBytes, lateNs, verdict);
  }

  #delay(nowNs: number, frameBytes: number, lateNs: number, verdict: FrameVerdict): void {
    let outNs = nowNs;
    for (let index = 0; index < this.#delays.length; index++) {
      const delay = this.#delays[index];
      outNs = delay.pass(outNs, frameBytes);
      if (outNs === OVERFLOW) {
        this.#delayHits[index]++;
        verdict.effect = EFFECT.lost;
        verdict.cause = delay.kind;
        return;
      }
    }
    verdict.delayNs = outNs - nowNs + lateNs;
  }

  /**
   * Decides about the next `count` frames, all `frameBytes` long with GEM header, frame i on the link at
   * `firstNs + i * spacingNs` (whole nanoseconds). Costs as much as there are marked frames, whatever `count` is.
   * Only where `constantDelayNs` is a number: that is the delay of them all.
   *
   * @returns the frames something happens to; the object is reused.
   */
  markedWithin(count: number, frameBytes: number, firstNs: number, spacingNs: number): Marked {
    if (this.constantDelayNs === undefined) {
      throw new Error("this link's delay depends on the frame; decide() has to be asked");
    }
    if (this.#marks.length === 1) return this.#markedByOne(count, frameBytes, firstNs, spacingNs);
    const found = this.#scratch;
    found.length = 0;
    for (let index = 0; index < this.#marks.length; index++) {
      const mark = this.#marks[index];
      let seen = 0;
      while (seen < count) {
        const firstFrameNs = firstNs + seen * spacingNs;
        const frame = seen + mark.framesUntilHit(count - seen, frameBytes, firstFrameNs, spacingNs);
        if (frame < count) found.push({ frame, mark: index, lateNs: mark.lateNs() });
        seen = frame + 1;
      }
    }
    return this.#merge(found);
  }

  /** The same where there is one impairment: its hits come in order. */
  #markedByOne(count: number, frameBytes: number, firstNs: number, spacingNs: number): Marked {
    const [mark] = this.#marks;
    let marked = this.#marked;
    let found = 0;
    for (let seen = 0; seen < count; seen++) {
      seen += mark.framesUntilHit(count - seen, frameBytes, firstNs + seen * spacingNs, spacingNs);
      if (seen >= count) break;
      if (found === marked.frame.length) marked = this.#marked = grown(marked);
      marked.frame[found] = seen;
      marked.effect[found] = mark.effect;
      marked.cause[found] = mark.kind;
      marked.lateNs[found++] = mark.lateNs();
    }
    this.#markHits[0] += found;
    marked.count = found;
    return marked;
  }

  /** Puts the hits of all impairments in order; where several hit one frame, the worst counts, then the first. */
  #merge(found: { frame: number; mark: number; lateNs: number }[]): Marked {
    const marks = this.#marks;
    if (marks.length > 1) {
      found.sort((a, b) => a.frame - b.frame || marks[b.mark].effect - marks[a.mark].effect || a.mark - b.mark);
    }
    if (this.#marked.frame.length < found.length) this.#marked = newMarked(found.length * 2);
    const marked = this.#marked;
    marked.count = 0;
    for (const hit of found) {
      const { kind, effect } = marks[hit.mark];
      this.#markHits[hit.mark]++;
      if (marked.count > 0 && marked.frame[marked.count - 1] === hit.frame) continue;
      marked.frame[marked.count] = hit.frame;
      marked.effect[marked.count] = effect;
      marked.cause[marked.count] = kind;
      marked.lateNs[marked.count] = hit.lateNs;
      marked.count++;
    }
    return marked;
  }
}

const newMarked = (capacity: number): Marked => ({
  count: 0,
  frame: new Uint32Array(capacity),
  effect: new Uint8Array(capacity),
  cause: [],
  lateNs: new Float64Array(capacity),
});

function grown(marked: Marked): Marked {
  const larger = newMarked(marked.frame.length * 2);
  larger.frame.set(marked.frame);
  larger.effect.set(marked.effect);
  larger.cause.push(...marked.cause);
  larger.lateNs.set(marked.lateNs);
  return larger;
}

/** Stream of each impairment: the link's name, its kind, and from the second of a kind on its number. */
function namedStreams(seed: number | bigint, name: string): (kind: ImpairmentKind) => RandomStream {
  const seen = new Map<ImpairmentKind, number>();
  return (kind) => {
    const number = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, number);
    return createStream(seed, `${name}/${kind}${number === 1 ? "" : `#${number}`}`);
  };
}

/** Delays are made apart, because the channels of one direction share them: they have one queue. */
export function createDelays(seed: number | bigint, name: string, specs: readonly ImpairmentSpec[]): Delay[] {
  const streamOf = namedStreams(seed, name);
  return specs.flatMap((spec) => {
    checkImpairment(spec);
    return createDelay(spec, streamOf(spec.kind)) ?? [];
  });
}

/**
 * A link from a list of impairments. The random streams are `<name>/<kind>`, so that neither the order of the list nor an
 * impairment of another kind changes what one draws.
 *
 * @param delays shared with other channels of the same direction. @throws ImpairmentError.
 */
export function createLink(
  seed: number | bigint,
  name: string,
  specs: readonly ImpairmentSpec[],
  delays: readonly Delay[] = createDelays(seed, name, specs),
): Link {
  const streamOf = namedStreams(seed, name);
  const marks = specs.flatMap((spec) => {
    checkImpairment(spec);
    return createMark(spec, streamOf(spec.kind)) ?? [];
  });
  const flips = specs.map((spec) => (spec.kind === "corruption" ? spec.bitFlips : 1));
  return new Link(marks, delays, createStream(seed, `${name}/bits`), Math.max(1, ...flips));
}
