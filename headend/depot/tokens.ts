/** Who may ask: a token for all devices (GatewayToken), one for each that is made from it (TargetToken), or a certificate. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { InputError, orRefused } from "../../base/errors/index.ts";
import { makeFolders, writeWhole } from "../../base/files/index.ts";

const TOKEN_FILE = "token";
const TOKEN_BYTES = 24;
/** What somebody gives; less is guessed. */
const TOKEN_CHARACTERS_MIN = 16;
const AUTHORIZATION = /^(TargetToken|GatewayToken) ([\w~+/.=-]{1,256})$/;

export interface GatewayToken {
  token: string;
  /** It was made now: nobody knows it yet. */
  isNew: boolean;
  /** Where it is kept. */
  path: string;
}

/** @throws InputError when the file cannot be read, or holds no token */
export function tokenOfFile(path: string): string {
  const refused = ({ code }: { code: string }): { place: string; problem: string } => ({
    place: path,
    problem: `cannot be read (${code})`,
  });
  return checkToken(path, orRefused(refused, () => readFileSync(path, "utf8")).trim());
}

/** @throws InputError */
export function checkToken(place: string, token: string): string {
  if (token.length < TOKEN_CHARACTERS_MIN || !AUTHORIZATION.test(`GatewayToken ${token}`))
    throw new InputError({
      place,
      problem: `not a token: ${TOKEN_CHARACTERS_MIN} to 256 letters, digits and ~ + / . = _ - are needed`,
    });
  return token;
}

/** That of the state folder, made where there is none: there is no default. */
export function gatewayToken(stateFolder: string): GatewayToken {
  const path = join(stateFolder, TOKEN_FILE);
  if (existsSync(path)) return { token: tokenOfFile(path), isNew: false, path };
  makeFolders(stateFolder);
  const token = randomBytes(TOKEN_BYTES).toString("hex");
  writeWhole(path, `${token}\n`, { mode: 0o600, sync: true });
  return { token, isNew: true, path };
}

/** What one device shows; whoever has it cannot make that of another. */
export const targetToken = (gateway: string, device: string): string =>
  createHmac("sha256", gateway).update(`poncast target ${device}`).digest("base64url");

const isSame = (given: string, wanted: string): boolean => {
  const [left, right] = [given, wanted].map((text) => createHmac("sha256", "compare").update(text).digest());
  return timingSafeEqual(left, right);
};

/** Whether the caller may speak for the device; without one, for all. */
export function mayAsk(request: IncomingMessage, gateway: string, device?: string): boolean {
  if (device !== undefined && certificateName(request) === device) return true;
  const [, kind, token] = AUTHORIZATION.exec(request.headers.authorization ?? "") ?? [];
  if (kind === "GatewayToken") return isSame(token, gateway);
  return kind === "TargetToken" && device !== undefined && isSame(token, targetToken(gateway, device));
}

/** Common name of a certificate that our authority has issued for a client. */
function certificateName({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const name: string | string[] | undefined = socket.getPeerCertificate().subject?.CN;
  return Array.isArray(name) ? undefined : name;
}
