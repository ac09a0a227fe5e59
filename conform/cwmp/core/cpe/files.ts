/** The file server that cases play: what it gives, to whom, how far, and who came for it when. */
import { DigestServer } from "../../../../base/digest/index.ts";
import type { HttpAsk, HttpFields, HttpReply, TesterCredentials } from "../types.ts";

export const FILES_PATH = "/files/";
const MS_PER_NS = 1e-6;
const RANGE = /^bytes=(\d+)-(\d*)$/;
/** Of the challenges alone: nothing here is a secret. */
const SECRET = new Uint8Array(16).fill(0x5a);

export interface ServedRule {
  bytes: Uint8Array;
  /** In place of the file. */
  status?: number;
  /** Each answer breaks after so many bytes. */
  cutAtBytes?: number;
  isSilent?: boolean;
  /** Asked for by digest. */
  credentials?: TesterCredentials;
}

export interface FileGet {
  name: string;
  timeNs: number;
  headers: HttpFields;
  exchange: number;
  status: number;
  isSecure: boolean;
  /** It said who it is, and was right. */
  isKnown: boolean;
}

export class TesterFiles {
  readonly gets: FileGet[] = [];
  readonly #rules = new Map<string, ServedRule>();
  readonly #digest = new DigestServer({ realm: "files", algorithms: ["MD5"], secret: SECRET });

  put(name: string, rule: ServedRule): void {
    this.#rules.set(name, rule);
  }

  of(name: string): FileGet[] {
    return this.gets.filter((each) => each.name === name);
  }

  handle(ask: HttpAsk, exchange: number, nowNs: number): HttpReply {
    const { path, method, headers, isSecure } = ask;
    const name = path.slice(FILES_PATH.length).split("?", 1)[0]!;
    const rule = this.#rules.get(name);
    const nowMs = nowNs * MS_PER_NS;
    const { credentials } = rule ?? {};
    const known =
      credentials === undefined
        ? undefined
        : this.#digest.check(nowMs, headers["authorization"] ?? "", method, path, (user) =>
            user === credentials.username ? credentials.password : undefined,
          );
    const reply: HttpReply =
      known?.ok === false
        ? { status: 401, headers: { "www-authenticate": this.#digest.challenge(nowMs, known.isStale) } }
        : replyOf(rule, headers["range"]);
    this.gets.push({
      name,
      timeNs: nowNs,
      headers,
      exchange,
      status: reply.status,
      isSecure,
      isKnown: known?.ok === true,
    });
    return reply;
  }
}

function replyOf(rule: ServedRule | undefined, range: string | undefined): HttpReply {
  if (rule === undefined) return { status: 404 };
  const { bytes, status, cutAtBytes, isSilent } = rule;
  if (isSilent === true) return { status: 200, isSilent };
  if (status !== undefined) return { status };
  const cut = cutAtBytes === undefined ? {} : { cutAtBytes };
  const head = { "content-type": "application/octet-stream", "accept-ranges": "bytes", etag: `"${bytes.length}"` };
  const found = RANGE.exec(range ?? "");
  if (found === null) return { status: 200, headers: head, body: bytes, ...cut };
  const from = Number(found[1]);
  const to = Math.min(bytes.length - 1, found[2] === "" ? bytes.length - 1 : Number(found[2]));
  if (from > to) return { status: 416, headers: { "content-range": `bytes */${bytes.length}` } };
  const headers = { ...head, "content-range": `bytes ${from}-${to}/${bytes.length}` };
  return { status: 206, headers, body: bytes.subarray(from, to + 1), ...cut };
}
