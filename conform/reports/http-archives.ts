/** The sessions of each case as an HTTP archive (HAR 1.2), which browsers and proxies open. */
import { join } from "node:path";
import { writeWhole } from "../../base/files/index.ts";
import { type CaseArchive, type HttpLog, type LoggedExchange } from "../cwmp/core/index.ts";
import { shownField, textOf } from "../cwmp/core/excerpt.ts";

const NS_PER_MS = 1e6;
/** More of a body than this is left out: images are no reading. */
const TEXT_BYTES_MAX = 256 * 1024;

type Pair = { name: string; value: string };
const pairs = (fields: readonly (readonly [string, string])[]): Pair[] =>
  fields.map(([name, value]) => ({ name, value: shownField(name, value) }));

const cookiesOf = (fields: readonly (readonly [string, string])[], name: string): Pair[] =>
  fields
    .filter(([each]) => each.toLowerCase() === name)
    .flatMap(([, value]) => (name === "cookie" ? value.split(/;\s*/) : [value.split(";", 1)[0]!]))
    .filter((cookie) => cookie.includes("="))
    .map((cookie) => ({ name: cookie.split("=", 1)[0]!, value: cookie.slice(cookie.indexOf("=") + 1) }));

function bodyText(body: Uint8Array): string {
  if (body.length > TEXT_BYTES_MAX) return `(${body.length} bytes)`;
  const text = new TextDecoder().decode(body);
  return text.includes("\uFFFD") ? textOf(body) : text;
}

const typeOf = (fields: readonly (readonly [string, string])[]): string =>
  fields.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";

function entryOf(exchange: LoggedExchange, epochMs: number): object {
  const { number, step, from, startNs, endNs, method, url, headers, body, notes } = exchange;
  const { status = 0, replyHeaders, replyBody } = exchange;
  const waitMs = endNs === undefined ? 0 : Math.max(0, (endNs - startNs) / NS_PER_MS);
  const isText = /xml|text|json/.test(typeOf(replyHeaders));
  return {
    startedDateTime: new Date(epochMs + startNs / NS_PER_MS).toISOString(),
    time: waitMs,
    request: {
      method,
      url,
      httpVersion: "HTTP/1.1",
      cookies: cookiesOf(headers, "cookie"),
      headers: pairs(headers),
      queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
      ...(body.length > 0 && { postData: { mimeType: typeOf(headers), text: bodyText(body) } }),
      headersSize: -1,
      bodySize: body.length,
    },
    response: {
      status,
      statusText: "",
      httpVersion: "HTTP/1.1",
      cookies: cookiesOf(replyHeaders, "set-cookie"),
      headers: pairs(replyHeaders),
      content: {
        size: replyBody.length,
        mimeType: typeOf(replyHeaders),
        ...(isText && replyBody.length > 0 && { text: bodyText(replyBody) }),
      },
      redirectURL: replyHeaders.find(([name]) => name.toLowerCase() === "location")?.[1] ?? "",
      headersSize: -1,
      bodySize: replyBody.length,
    },
    cache: {},
    timings: { send: 0, wait: waitMs, receive: 0 },
    comment: [`exchange ${number}, step ${step}, asked by the ${from}`, ...notes].join("; "),
  };
}

export const archiveOf = (log: HttpLog, epochMs: number, version: string): object => ({
  log: {
    version: "1.2",
    creator: { name: "poncast", version },
    entries: log.exchanges.map((exchange) => entryOf(exchange, epochMs)),
  },
});

export const archiveNameOf = (id: string): string => `${id}.har`;

/** A file for each case, named by its id; exchanges have the numbers that failures name. */
export class CaseArchiveFolder implements CaseArchive {
  readonly #folder: string;
  readonly #version: string;
  readonly #onFault: (line: string) => void;
  #isBroken = false;

  /** @param onFault told once of a file that cannot be written */
  constructor(folder: string, version: string, onFault: (line: string) => void) {
    this.#folder = folder;
    this.#version = version;
    this.#onFault = onFault;
  }

  keep(id: string, log: HttpLog, epochMs: number): string | undefined {
    if (this.#isBroken || log.last === 0) return undefined;
    const path = join(this.#folder, archiveNameOf(id));
    try {
      writeWhole(path, `${JSON.stringify(archiveOf(log, epochMs, this.#version), null, 1)}\n`);
      return archiveNameOf(id);
    } catch (error) {
      this.#isBroken = true;
      this.#onFault(`${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? "error"})`);
      return undefined;
    }
  }
}
