/** The boot loader of an ONT in diagnostic mode, for tools that recover it: fastboot, TFTP, a console with YMODEM. No sockets. */
export { ConsoleSession, CONSOLE_PROMPT } from "./core/console-session.ts";
export { FastbootSession } from "./core/fastboot-session.ts";
export { Loader } from "./core/loader.ts";
export { TftpSession } from "./core/tftp-session.ts";
export type { AttachedRecovery, LoaderAnswer, LoaderFacts, LoaderPort, LoaderReply } from "./core/types.ts";
