/** The OLT's way to ONUs behind an OpenOLT server (VOLTHA). */
export { OpenOltClient } from "./client.ts";
export { type OpenOltOnu, OpenOltRun } from "./olt.ts";
