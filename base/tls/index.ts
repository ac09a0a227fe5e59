/** HTTPS that staples OCSP, and clients that demand it: TLS 1.2 and 1.3 only. */
export { StapledAgent } from "./agent.ts";
export {
  type ClientIdentity,
  connectStapled,
  type ConnectRequest,
  demandStaple,
  type GoodStaple,
  type StapleRefusal,
  type StapleDemand,
  type StaplePolicy,
  StapleRefusedError,
} from "./client.ts";
export { readIdentity, stapleFile } from "./files.ts";
export { serverOptions, type ServerIdentity, stapleOn, type StapleSource } from "./server.ts";
