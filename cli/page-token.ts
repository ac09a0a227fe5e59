/** The token of pages at a port that was named: kept for this user, so that an open page finds the next run there by itself. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { makeFolders, writeWhole } from "../base/files/index.ts";
import { newToken } from "../web/dashboard/index.ts";

const FILE = "page-token";
const FILE_MODE = 0o600;
const TOKEN = /^[A-Za-z0-9_-]{32,64}$/;

/** @returns undefined: a new one for this page only, as nobody can look for a port that is drawn, or nothing can be kept */
export function pageToken(port: number): string | undefined {
  if (port === 0) return undefined;
  const { XDG_STATE_HOME = "" } = process.env;
  const folder = join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "poncast");
  const path = join(folder, FILE);
  const known = kept(path);
  if (known !== undefined) return known;
  const token = newToken();
  try {
    makeFolders(folder);
    writeWhole(path, `${token}\n`, { mode: FILE_MODE });
    return token;
  } catch {
    return undefined;
  }
}

function kept(path: string): string | undefined {
  try {
    const token = readFileSync(path, "utf8").trim();
    return TOKEN.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
