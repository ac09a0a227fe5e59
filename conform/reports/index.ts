/** What a conformance run leaves: reports, captures, the matrix of quirks. */
export { jsonReport, junitReport, type RunFacts, tapReport } from "./report.ts";
export { isReportSigned, signatureFileOf, signReport } from "./signature.ts";
export { CaseCaptureFolder } from "./case-captures.ts";
export { CaseArchiveFolder } from "./http-archives.ts";
