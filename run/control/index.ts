/** Control of a run while it goes on. */
export { parseCommand } from "./parse.ts";
export { CONTROL_FILE, type ControlServer, serveControl } from "./server.ts";
export { StandingCommands } from "./standing.ts";
