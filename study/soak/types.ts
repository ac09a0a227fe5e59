/** What a part of `npm run soak` is, and what comes of it. */

/** Parts that start no process but this one, and parts that start real runs. */
export interface PartContext {
  isShort: boolean;
  seed: number;
  /** Somebody has had enough: end, and say how far it came. */
  signal: AbortSignal;
  /** One line, now and then. */
  progress: (text: string) => void;
}

export interface PartOutcome {
  /** What was not as it has to be, a line each. */
  problems: readonly string[];
  /** What was done and seen, by name with unit. */
  figures: Readonly<Record<string, number | string>>;
}

export interface Part {
  name: string;
  /** In a few words. */
  what: string;
  /** What has to hold, in the full form and in the short one. */
  bound: (isShort: boolean) => string;
  run: (context: PartContext) => Promise<PartOutcome>;
}

export type SoakVerdict = "passed" | "failed" | "interrupted";

export interface PartReport extends PartOutcome {
  part: string;
  bound: string;
  verdict: SoakVerdict;
  seconds: number;
}
