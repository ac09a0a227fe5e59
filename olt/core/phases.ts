/** The phases of one ONT's update as a table: whoever asks for a kind of phase asks here, and keeps no set of its own. */

/** What is true of an ONT in a phase; what a row does not name is not. */
interface PhaseFacts {
  /** Name in events, statuses and journals, where two phases are one to those outside; and why, where that tells them apart. */
  told?: "waiting";
  toldCause?: string;
  /** The OLT has nothing more to do with it. One that failed may still come back. */
  isSettled?: true;
  /** A run may end with it. */
  isOutcome?: true;
  /** The update went wrong: too many of these stop the rollout. */
  isFailure?: true;
  /** Takes no part in the update: the progress of the whole is that of the others. */
  isLeftOut?: true;
  /** True of it whether it runs at the moment or not. */
  holdsUnpowered?: true;
  /** On its way to `stored`: the rollout waits for it, if it is in its first pass. */
  holdsUpRollout?: true;
  /** What it refuses here is the image, not a section. */
  judgesImage?: true;
  /** For the ONT a download is open from its Start to its End. */
  isInDownload?: true;
  /** Between Activate and Commit. */
  isActivating?: true;
  /** The new image has answered: it boots. */
  hasBooted?: true;
  /** A fault of a scenario may strike as soon as it is reached. */
  mayStrike?: true;
}

/** In the order of an update, as far as there is one. */
const PHASES = {
  discovering: { mayStrike: true },
  skipped: { isSettled: true, isOutcome: true, isLeftOut: true, holdsUnpowered: true },
  starting: { holdsUpRollout: true, judgesImage: true, isInDownload: true, mayStrike: true },
  downloading: { holdsUpRollout: true, isInDownload: true, mayStrike: true },
  /** Waits for its turn to download. */
  ready: { told: "waiting", holdsUpRollout: true },
  /** Did not answer: it is given time to come back. */
  silent: { told: "waiting", toldCause: "no answer" },
  ending: { holdsUpRollout: true, judgesImage: true, mayStrike: true },
  /** Its download is being aborted, because an operator said so. */
  withdrawing: { told: "waiting" },
  stored: { isOutcome: true, mayStrike: true },
  activating: { isActivating: true, mayStrike: true },
  rebooting: { isActivating: true, mayStrike: true },
  soaking: { isActivating: true, hasBooted: true, mayStrike: true },
  /** Runs the new image, not committed, because the run says so. */
  trial: { isSettled: true, isOutcome: true, hasBooted: true },
  /** Activated and not to be committed any more: the committed image is activated again. */
  rollingBack: { told: "waiting", isActivating: true, hasBooted: true },
  committing: { isActivating: true, hasBooted: true, mayStrike: true },
  committed: { isSettled: true, isOutcome: true, hasBooted: true },
  rolledBack: { isSettled: true, isOutcome: true, isFailure: true, holdsUnpowered: true },
  failed: { isSettled: true, isOutcome: true, isFailure: true, isLeftOut: true, holdsUnpowered: true },
} as const satisfies Record<string, PhaseFacts>;

type Table = typeof PHASES;

/** A phase as the OLT itself tells them apart. */
export type InnerPhase = keyof Table;
/** A phase as it is told. */
export type OntPhase = { [P in InnerPhase]: Table[P] extends { told: infer T } ? T : P }[InnerPhase];
export type PhaseProperty = Exclude<keyof PhaseFacts, "told" | "toldCause">;
/** The phases that have a property. */
export type PhaseWith<P extends PhaseProperty> = {
  [I in InnerPhase]: Table[I] extends Record<P, true> ? I : never;
}[InnerPhase];

const factsOf = (phase: InnerPhase): PhaseFacts => PHASES[phase];
const INNER_PHASES = Object.keys(PHASES) as InnerPhase[];

export const phaseIs = (phase: InnerPhase, property: PhaseProperty): boolean => factsOf(phase)[property] === true;
export const toldPhase = (phase: InnerPhase): OntPhase => factsOf(phase).told ?? (phase as OntPhase);
export const toldCause = (phase: InnerPhase): string => factsOf(phase).toldCause ?? "";

/** All phases that are told, in the order of the table. */
export const ONT_PHASES: readonly OntPhase[] = [...new Set(INNER_PHASES.map(toldPhase))];

/** The phases with a property, in the order of the table. */
export const phasesWith = <P extends PhaseProperty>(property: P): readonly PhaseWith<P>[] =>
  INNER_PHASES.filter((phase): phase is PhaseWith<P> => phaseIs(phase, property));
