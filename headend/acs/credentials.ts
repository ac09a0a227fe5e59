/** Names and passwords: of CPEs at the ACS, of files, of connection requests. None is a default: all follow from the token of this ACS. */
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { InputError, orRefused } from "../../base/errors/index.ts";
import type { AcsCredentials } from "./core/index.ts";

/** Of Username and Password (TR-069, A.3.2.8). */
const USERNAME_CHARACTERS_MAX = 256;
const LINES_MAX = 100_000;
const LINE = /^([\u0021-\u0039\u003B-\u007E]{1,256}):(.{1,256})$/;

const secretOf = (token: string, ...words: string[]): string =>
  createHmac("sha256", token)
    .update(["poncast", ...words].join(" "))
    .digest("base64url");

/** What a CPE shows as password for that name. Whoever has it cannot make that of another. */
export const cpePassword = (token: string, username: string): string => secretOf(token, "cpe", username);

/** The name of a device, as far as one may be that long. */
const shortName = (device: string): string =>
  device.length <= USERNAME_CHARACTERS_MAX ? device : createHash("sha256").update(device).digest("hex");

export const filePassword = (token: string, username: string): string => secretOf(token, "file", username);

export function fileCredentials(token: string, device: string): AcsCredentials {
  const username = shortName(device);
  return { username, password: filePassword(token, username) };
}

export const connectionRequestCredentials = (token: string, device: string): AcsCredentials => ({
  username: shortName(device),
  password: secretOf(token, "connection request", device),
});

/**
 * Names and passwords of a file, `name:password` in each line; lines with # and empty ones are passed over.
 *
 * @throws InputError for a line that is none
 */
export function readCredentials(path: string): ReadonlyMap<string, string> {
  const refused = ({ code }: { code: string }) => ({ place: path, problem: `cannot be read (${code})` });
  const lines = orRefused(refused, () => readFileSync(path, "utf8")).split(/\r?\n/);
  if (lines.length > LINES_MAX) throw new InputError({ place: path, problem: `more than ${LINES_MAX} lines` });
  const credentials = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const [, username, password] = LINE.exec(line) ?? [];
    if (username === undefined)
      throw new InputError({
        place: `${path}:${index + 1}`,
        problem: "name:password is needed, in ASCII, the name without spaces",
      });
    credentials.set(username, password);
  }
  return credentials;
}
