/** The live page: its server, a run for it, and what others read of it. */
export { factsOf } from "./model/index.ts";
export { LiveRun } from "./server/live-run.ts";
export { type DashboardServer, serveDashboard } from "./server/server.ts";
export { newToken } from "./server/session.ts";
