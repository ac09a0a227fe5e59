/** The boot loader of an ONT on sockets and lines. */
export { type RecoveryAddresses, RecoveryServices } from "./services.ts";
