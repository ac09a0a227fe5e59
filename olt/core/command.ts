/** What an operator may ask of an OLT while it runs, and what the OLT says to it. */

export const OLT_COMMAND_KINDS = ["pause", "resume", "abort", "skip", "retry", "release", "rate"] as const;
export type OltCommandKind = (typeof OLT_COMMAND_KINDS)[number];

interface Asked {
  /** The same id again is the same command: told the same once more, and not carried out a second time. */
  id?: string;
  /** Who asks, as far as it is known. */
  by?: string;
}

export type OltCommand = Asked &
  (
    | { kind: "pause" | "resume" }
    /**
     * All ONTs back to their old image, as far as they have not committed; the run ends. `ahead`: there was an OLT before,
     * whose ONTs are still to come.
     */
    | { kind: "abort"; ahead?: true }
    /** One ONT leaves, by its serial number or its ONU-ID; the others go on. `ahead`: also one that is still to come. */
    | { kind: "skip"; serial?: string; onuId?: number; ahead?: true }
    /** One that failed, was rolled back or was left out is taken up again, as one that has just come: asked what it has, then served. */
    | { kind: "retry"; serial?: string; onuId?: number }
    /** The next stage of the rollout begins with those whose image is stored, whatever it waits for. */
    | { kind: "release" }
    /** OMCC budget of GEM frames from now on; null = as fast as the link. */
    | { kind: "rate"; bitsPerSecond: number | null }
  );

export type OltCommandOutcome =
  | { accepted: true }
  /** One line: why nothing was done. */
  | { accepted: false; reason: string };

/** As the causes of outcomes have it. */
export const ABORTED = "aborted by the operator";
export const SKIPPED = "skipped by the operator";

/** Least budget, as in scenarios: a baseline frame every half second. */
export const RATE_BITS_PER_SECOND_MIN = 800;
export const RATE_BITS_PER_SECOND_MAX = 8e12;
