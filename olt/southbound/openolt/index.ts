/** The OLT's way to ONUs behind an OpenOLT server (VOLTHA). */
export { OpenOltClient } from "./client.ts";
export { OpenOltRun } from "./olt.ts";
export type { OpenOltOnu } from "./southbound.ts";
