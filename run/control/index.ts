/** Control of a run while it goes on. */
export { CommandError } from "./parse.ts";
export { commandOf, CONTROL_FILE, type ControlServer, refuse, serveControl, statusOf } from "./server.ts";
