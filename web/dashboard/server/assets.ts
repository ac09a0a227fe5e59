/** What the page is made of: its document, and the built script and style beside the running bundle. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/**
 * Of all that is sent to a browser: nothing from elsewhere, no script in the document, in no other page.
 *
 * @param style which styles there may be
 */
const policyWith = (style: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${style}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

export const PAGE_HEADERS = {
  "content-security-policy": policyWith("'none'"),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const;

const SCRIPT = "dashboard-page.js";
const STYLE = "dashboard-page.css";

interface Asset {
  type: string;
  packed: Buffer;
  plain: Buffer;
  tag: string;
  /** Of a document, with the digest of its style. */
  policy?: string;
}

/**
 * What stands there before the script has anything to show is painted at once: its style comes with it, as each thing that
 * is asked for waits for a turn of a run that may be at something.
 *
 * @param home what is shown first: the run of the server's own process, or the runs of a folder
 */
const documentOf = (home: "run" | "runs", opening: string, style: string): string => `<!doctype html>
<html lang="en" data-home="${home}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>poncast</title>
    <link rel="icon" href="data:," />
    <style>${style}</style>
    <script type="module" src="/assets/${SCRIPT}"></script>
  </head>
  <body>
    <div id="page"><main class="opening"><h1>poncast</h1><p>${opening}</p></main></div>
    <noscript><p>This page needs JavaScript; <code>poncast top</code> shows the same on a terminal.</p></noscript>
  </body>
</html>
`;

let loaded: Map<string, Asset> | undefined;

/** @throws Error when the project was not built */
function assets(): Map<string, Asset> {
  if (loaded !== undefined) return loaded;
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = [here, resolve(here, "../../../dist")].find((path) => existsSync(join(path, SCRIPT)));
  if (folder === undefined) throw new Error(`no ${SCRIPT} in ${here}; run: npm run build`);
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const style = read(STYLE).toString();
  const document = (home: "run" | "runs", opening: string): Asset => ({
    ...assetOf("text/html; charset=utf-8", Buffer.from(documentOf(home, opening, style))),
    policy: policyWith(`'sha256-${createHash("sha256").update(style).digest("base64")}'`),
  });
  loaded = new Map([
    ["/", document("run", "Waits for the run …")],
    ["/runs", document("runs", "Looks for runs …")],
    [`/assets/${SCRIPT}`, assetOf("text/javascript; charset=utf-8", read(SCRIPT))],
  ]);
  return loaded;
}

const assetOf = (type: string, plain: Buffer): Asset => ({
  type,
  plain,
  packed: gzipSync(plain),
  tag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 16)}"`,
});

/** Before the first who asks: @throws Error when the project was not built */
export const loadAssets = (): void => void assets();

/** @returns false: there is no such asset */
export function sendAsset(request: IncomingMessage, response: ServerResponse, path: string): boolean {
  const asset = assets().get(path);
  if (asset === undefined) return false;
  const { type, tag, packed, plain, policy } = asset;
  const headers = {
    ...PAGE_HEADERS,
    ...(policy && { "content-security-policy": policy }),
    etag: tag,
    "cache-control": "no-cache",
    vary: "accept-encoding",
  };
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304, headers).end();
    return true;
  }
  const isPacked = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  const body = isPacked ? packed : plain;
  response.writeHead(200, {
    ...headers,
    "content-type": type,
    "content-length": body.length,
    ...(isPacked && { "content-encoding": "gzip" }),
  });
  response.end(body);
  return true;
}
