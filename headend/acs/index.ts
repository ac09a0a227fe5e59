/** The ACS: updates and other tasks of CPEs over TR-069, with the depot's choice of files and its way to hand them out. */
export type { ConnectionResult, ConnectionTargets } from "./connection-request.ts";
export { deviceName, readAcsRequest } from "./core/index.ts";
export type { AcsConfig, AcsDeviceStatus, AcsEvent, AcsRequest, AcsTask } from "./core/index.ts";
export { connectionRequestCredentials, cpePassword, readCredentials } from "./credentials.ts";
export { ACS_PATH } from "./door.ts";
export type { AcsServerOptions } from "./options.ts";
export { type AcsServer, serveAcs } from "./server.ts";
