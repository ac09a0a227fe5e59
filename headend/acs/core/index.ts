/** The ACS's core: what each CPE is answered and asked, and what has become of it. No socket, clock or file. */
export { Acs } from "./acs.ts";
export { deviceName } from "./device.ts";
export { commandKeyOf, readAcsRequest } from "./requests.ts";
export { AcsSession, type SessionOf } from "./session.ts";
export type * from "./types.ts";
export { FILES_PATH } from "./updates.ts";
