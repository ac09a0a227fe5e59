/** `--pon-key`: the key that `poncast olt` and `poncast ont` have in common. */
import { existsSync } from "node:fs";
import { placed } from "../base/errors/index.ts";
import { bytesOfHex } from "../base/text/index.ts";
import { PON_KEY_BYTES, staysOnMachine } from "../pon/index.ts";
import type { Scenario } from "../scenarios/index.ts";
import { readPem } from "./commands/image-input.ts";
import { UsageError } from "./errors.ts";
import { tell } from "./print.ts";

export const PON_KEY_OPTION = [
  "--pon-key <key>",
  "key that OLT and ONTs have in common, 32 hexadecimal digits or a file with them: whoever has it not cannot take part",
] as const;
const DIGITS = new RegExp(`^[0-9a-fA-F]{${2 * PON_KEY_BYTES}}$`);

/**
 * The key that was given; without one, a line of warning where others than this machine's processes can take part.
 *
 * @throws UsageError for what is no key
 */
export function ponKeyOf(value: string | undefined, { pon }: Scenario): Uint8Array | undefined {
  if (value !== undefined) return keyOf(value);
  if (!staysOnMachine(pon.interface))
    tell(`no --pon-key: whoever is on ${pon.interface} can pass for the OLT and for any ONT, see docs/security.md\n`);
  return undefined;
}

/** @throws UsageError for what is no key */
export function keyOf(value: string): Uint8Array {
  if (!DIGITS.test(value) && !existsSync(value))
    throw new UsageError(`--pon-key: ${value} is neither ${2 * PON_KEY_BYTES} hexadecimal digits nor a file with them`);
  const digits = DIGITS.test(value) ? value : placed("--pon-key", () => readPem(value)).trim();
  if (!DIGITS.test(digits))
    throw new UsageError(
      `--pon-key: ${value} has no key; 32 hexadecimal digits, such as \`openssl rand -hex 16\` prints`,
    );
  return bytesOfHex(digits);
}
