/** Ways to CPEs and ACSs in real time. */
export { type AcsClientOptions, acsClientTarget } from "./acs-client.ts";
export { type CpeServerOptions, cpeServerTarget } from "./cpe-server.ts";
