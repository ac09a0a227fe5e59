/** Our own CPE in virtual time, and our own ACS; with flaws where they are asked for. */
export { selfAcsHost, selfAcsTarget } from "./acs.ts";
export { ACS_FLAWS, type AcsFlaw } from "./acs-flaws.ts";
export type { CpeFlaw } from "./flaw.ts";
export { CPE_FLAWS } from "./flaws.ts";
export { acsFlawMatrix, cpeFlawMatrix, type FlawMatrix, findings, selfCpeHost } from "./matrix.ts";
export { selfCwmpImages, type SelfCwmpImages } from "./ont.ts";
export { selfCpeTarget } from "./cpe.ts";
