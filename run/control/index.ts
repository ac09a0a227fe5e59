/** Control of a run while it goes on. */
export { CONTROL_FILE, type ControlServer, serveControl } from "./server.ts";
