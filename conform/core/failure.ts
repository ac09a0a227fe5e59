/** What was wrong, in a word: the reason's key in reports and in the quirk matrix. */
export type FailureKey =
  | "no-answer"
  | "late-answer"
  | "unasked-answer"
  | "unreadable-answer"
  | "wrong-answer"
  | "wrong-form"
  | "wrong-trailer"
  /** 0 where an error is wanted. */
  | "wrongly-accepted"
  /** An error where 0 is wanted. */
  | "wrongly-refused"
  /** Another error than those wanted. */
  | "wrong-result"
  | "busy-too-long"
  | "wrong-window"
  | "window-too-small"
  | "too-slow"
  | "wrong-attribute"
  | "wrong-flags"
  | "wrong-version"
  | "wrong-hash"
  | "wrong-sync"
  | "no-notification"
  | "wrong-notification"
  | "no-restart"
  | "unasked-restart"
  | "does-not-come-back"
  | "flood"
  /** Of CWMP: another fault than those wanted. */
  | "wrong-fault"
  | "no-inform"
  | "no-session"
  | "wrong-session"
  | "wrong-event"
  | "no-report"
  | "reported-again"
  | "wrong-key"
  | "wrong-time"
  | "too-early"
  | "too-late"
  | "wrong-id"
  | "wrong-http"
  | "not-kept"
  | "let-in"
  | "locked-out";

/** The device did not do what the case wants; the case ends here. */
export class CaseFailure extends Error {
  readonly key: FailureKey;
  /** Number of the frame, or of the exchange of HTTP, it shows in, as the evidence counts; 0 = none. */
  readonly frame: number;
  /** Where it is asked for, when that is not the case's clause. */
  readonly clause: string | undefined;

  constructor(key: FailureKey, text: string, frame = 0, clause?: string) {
    super(text);
    this.key = key;
    this.frame = frame;
    this.clause = clause;
  }
}

/** G.988 leaves it to the ONT, and this one does not have it: nothing to test, and no fault. */
export class NotApplicable extends Error {}

/** The case cannot be carried out here: no image, no power switch, or an ONT that does not get so far. */
export class CannotTest extends Error {}

/** A result that is none of those wanted, in a word. */
export function resultKey(result: number, wanted: readonly number[]): FailureKey {
  if (result === 0) return "wrongly-accepted";
  return wanted.includes(0) ? "wrongly-refused" : "wrong-result";
}
