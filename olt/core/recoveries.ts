/** The ways of recovery as a table: whoever asks what one of them does asks here, and compares no names. */

/** What is true of a recovery; what a row does not name is not. */
interface RecoveryFacts {
  /** Parity sections make up for what is lost: windows leave room for them, and they are counted. */
  usesParity?: true;
  /** ONTs that know the recovery ME (class 65280) are asked what they miss, and are sent that alone. */
  usesBitmaps?: true;
  /** What a repair sends where it asks nobody: the window again, to all or on the OMCC of each. */
  resends?: "all" | "alone";
}

const RECOVERIES = {
  /** What plain G.988 does. */
  window: { resends: "all" },
  selective: { usesBitmaps: true },
  parity: { usesParity: true, usesBitmaps: true },
  unicast: { resends: "alone" },
} as const satisfies Record<string, RecoveryFacts>;

/** How lost sections of a window come again. */
export type Recovery = keyof typeof RECOVERIES;

export const recoveryFacts = (recovery: Recovery): RecoveryFacts => RECOVERIES[recovery];
