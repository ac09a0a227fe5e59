/** What a case comes to, whatever it is a case of. */
import type { ConformCase } from "./case.ts";
import type { EvidenceFrame } from "./evidence.ts";
import { CannotTest, CaseFailure, type FailureKey, NotApplicable } from "./failure.ts";

/**
 * `skip`: could not be tested here; `notApplicable`: G.988 leaves it to the ONT, which does not have it; `died`: the ONT, or the
 * server that it is behind, was gone in the middle of it.
 */
export type Verdict = "pass" | "fail" | "skip" | "notApplicable" | "died";

/** Of CWMP: `standard` says whose the clause is, `excerpt` has the exchange of HTTP that it shows in, as text. */
export interface CaseFault {
  key: FailureKey;
  text: string;
  clause: string;
  standard?: "TR-069";
  /** Step it showed in, from 1. */
  step: number;
  /** The frame it shows in and those before it; 0 and none when it shows in no frame. */
  frame: number;
  frames: readonly EvidenceFrame[];
  excerpt?: string;
}

export interface CaseReport {
  id: string;
  title: string;
  clause: string;
  basis: ConformCase["basis"] | "TR-069";
  verdict: Verdict;
  /** Why it was skipped or does not apply. */
  cause?: string;
  fault?: CaseFault;
  /** File its frames are in, when they are captured. */
  capture?: string;
  frames: number;
  durationNs: number;
}

export type CaseOutcome = Pick<CaseReport, "verdict" | "cause" | "fault">;

/** Of a case that ended with an error; one that is none of a case's is thrown on. */
export function failedOutcome(error: unknown, faultOf: (failure: CaseFailure) => CaseFault): CaseOutcome {
  if (error instanceof NotApplicable) return { verdict: "notApplicable", cause: error.message };
  if (error instanceof CannotTest) return { verdict: "skip", cause: error.message };
  if (error instanceof CaseFailure) return { verdict: "fail", fault: faultOf(error) };
  throw error;
}
