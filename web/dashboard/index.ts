/** The live page: its server, a run for it, and what others read of it. */
export { applyDelta, factsOf, type ShownRun, shownOf, stateOf } from "./model/index.ts";
export { FollowedRun } from "./server/followed-run.ts";
export { FolderLibrary } from "./server/library.ts";
export { LiveRun } from "./server/live-run.ts";
export { type DashboardServer, serveDashboard } from "./server/server.ts";
export { newToken } from "./server/session.ts";
