/** Cases for CPEs and ACSs of TR-069, without I/O: catalogues, runner, testers. */
export { type CaseTester, CWMP_PRECONDITION_TEXTS, type CwmpCase, type CwmpPrecondition } from "./case.ts";
export { type AcsCase, acsCatalogue } from "./acs/catalogue/index.ts";
export { AcsHost, type AcsHostOptions } from "./acs/host.ts";
export { type CpeCase, cpeCatalogue } from "./cpe/catalogue/index.ts";
export { CpeHost, type CpeHostOptions } from "./cpe/host.ts";
export { CWMP_LIMITS } from "./limits.ts";
export { HttpLog, type LoggedExchange } from "./log.ts";
export { type CaseArchive, type CaseHost, type CwmpRunOptions, runCwmpCases } from "./runner.ts";
export type * from "./types.ts";
