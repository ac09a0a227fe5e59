/** Basic (RFC 7617): name and password as they are, so for TLS alone. */
import type { Credentials } from "./client.ts";
import { isSameSecret } from "./hash.ts";
import { readAuthHeader } from "./header.ts";

export const basicAnswer = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** @returns the user's name; undefined where it is none, or the password another */
export function checkBasic(header: string, passwordOf: (username: string) => string | undefined): string | undefined {
  const [scheme] = readAuthHeader(header);
  if (scheme?.scheme !== "basic") return undefined;
  const [, username, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(scheme.token, "base64").toString()) ?? [];
  if (username === undefined) return undefined;
  const wanted = passwordOf(username);
  return isSameSecret(password, wanted ?? "") && wanted !== undefined ? username : undefined;
}
