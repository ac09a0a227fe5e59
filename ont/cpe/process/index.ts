/** The CPE in real time. */
export { ConnectionRequestDoor } from "./connection-requests.ts";
export { CpeDriver, type CpeLinks } from "./driver.ts";
export type { CpeDescription, CpeProcessConfig, FromCpes } from "./protocol.ts";
