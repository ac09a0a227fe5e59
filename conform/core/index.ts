/** The conformance cases for ONTs, without I/O: catalogue, runner, tester. */
export type { ConformImage, Target } from "./transport.ts";
export { CannotTest, CaseFailure, type FailureKey, NotApplicable } from "./failure.ts";
export { type CaseFault, type CaseOutcome, type CaseReport, failedOutcome, type Verdict } from "./outcome.ts";
export { runCases } from "./runner.ts";
export type { ConformCase } from "./case.ts";
export { selectCases, unmatchedGlobs } from "./select.ts";
export { caseRow, countsOf, summaryLine } from "./table.ts";
export { catalogue } from "./catalogue/index.ts";
export { preconditionTexts } from "./preconditions.ts";
export { limits } from "./transport.ts";
