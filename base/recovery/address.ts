/** Where a device is recovered: `fastboot://host:port`, `tftp://host:port`, `ymodem:/dev/ttyUSB0`, `ymodem://host:port`. */
import { FASTBOOT_PORT } from "./fastboot-frames.ts";
import { TFTP_PORT } from "./tftp-packet.ts";

export type RecoveryAddress =
  | { kind: "fastboot" | "tftp" | "ymodem"; host: string; port: number }
  /** A tty. */
  | { kind: "ymodem"; path: string };

const DEFAULT_PORTS = { fastboot: FASTBOOT_PORT, tftp: TFTP_PORT, ymodem: undefined } as const;
const NETWORKED = /^(fastboot|tftp|ymodem):\/\/(\[[\da-fA-F:]+\]|[\w.-]+)(?::(\d{1,5}))?\/?$/;
const PORT_MAX = 65_535;

export const RECOVERY_ADDRESSES =
  "fastboot://host:port, tftp://host:port, ymodem:/dev/tty… or ymodem://host:port (a serial server)";

/** @returns undefined for what is none */
export function readRecoveryAddress(text: string): RecoveryAddress | undefined {
  const tty = /^ymodem:(\/(?!\/).+)$/.exec(text);
  if (tty !== null) return { kind: "ymodem", path: tty[1]! };
  const match = NETWORKED.exec(text);
  if (match === null) return undefined;
  const kind = match[1] as keyof typeof DEFAULT_PORTS;
  const port = match[3] === undefined ? DEFAULT_PORTS[kind] : Number(match[3]);
  if (port === undefined || port > PORT_MAX) return undefined;
  return { kind, host: match[2]!.replaceAll(/^\[|\]$/g, ""), port };
}
