/** A request for a file: whole, a part, its head alone; in turn with all others. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { needMethod, Refused } from "./answers.ts";
import { type DepotArtifact, moduleOf, Pace, partOf } from "./core/index.ts";
import type { DepotDownloads } from "./download.ts";
import type { ServedFile } from "./files.ts";

/** Bytes per second. */
export interface DepotRates {
  total?: number;
  /** Of all downloads towards one image, deltas too. */
  campaign?: number;
  download?: number;
}

/** Downloads at once; who comes later is told to come again. */
const DOWNLOADS_MAX = 8_192;
const AGAIN_SECONDS = 30;

export class Artifacts {
  readonly #files: ReadonlyMap<string, ServedFile>;
  readonly #rates: DepotRates;
  readonly #total: Pace;
  readonly #campaigns = new Map<string, Pace>();
  readonly #downloads: DepotDownloads;
  readonly #downloadsMax: number;

  constructor(
    files: readonly ServedFile[],
    rates: DepotRates,
    downloads: DepotDownloads,
    downloadsMax = DOWNLOADS_MAX,
  ) {
    this.#files = new Map(files.map((file) => [moduleOf(file.artifact), file]));
    this.#rates = rates;
    this.#total = new Pace(rates.total ?? Infinity);
    this.#downloads = downloads;
    this.#downloadsMax = downloadsMax;
  }

  /** @throws Refused */
  async answer(request: IncomingMessage, response: ServerResponse, module: string, filename: string): Promise<number> {
    needMethod(request, "GET", "HEAD");
    const file = this.#files.get(module);
    if (file === undefined || file.artifact.filename !== filename) throw new Refused(404, "there is no such file");
    const { sizeBytes, hashes } = file.artifact;
    const etag = `"${hashes.sha256}"`;
    const { range, "if-range": ifRange, "if-none-match": ifNoneMatch } = request.headers;
    // Range is for GET alone (RFC 9110, 14.2).
    const isHead = request.method === "HEAD";
    const part = partOf(
      { range: isHead ? undefined : range, ifRange: stringOf(ifRange), ifNoneMatch },
      etag,
      sizeBytes,
    );
    const head = { etag, "accept-ranges": "bytes", "cache-control": "private, no-transform" };
    if (part.kind === "notModified") return end(response, 304, head);
    if (part.kind === "unsatisfiable")
      return end(response, 416, { ...head, "content-range": `bytes */${sizeBytes}`, "content-length": 0 });
    if (!isHead && this.#downloads.active >= this.#downloadsMax)
      throw new Refused(503, "too many downloads at once", { "retry-after": `${AGAIN_SECONDS}` });
    const { first, last } = part.kind === "part" ? part : { first: 0, last: sizeBytes - 1 };
    const status = part.kind === "part" ? 206 : 200;
    response.writeHead(status, {
      ...head,
      "content-type": "application/octet-stream",
      "content-length": last + 1 - first,
      ...(part.kind === "part" && { "content-range": `bytes ${first}-${last}/${sizeBytes}` }),
    });
    if (isHead) response.end();
    else await this.#downloads.send(response, file, first, last, this.#pacesOf(file.artifact));
    return status;
  }

  #pacesOf({ targetSha256 }: DepotArtifact): Pace[] {
    const { campaign, download } = this.#rates;
    const paces = [this.#total, new Pace(download ?? Infinity)];
    if (campaign === undefined) return paces;
    const shared = this.#campaigns.get(targetSha256) ?? new Pace(campaign);
    this.#campaigns.set(targetSha256, shared);
    return [...paces, shared];
  }
}

const stringOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

function end(response: ServerResponse, status: number, head: Record<string, string | number>): number {
  response.writeHead(status, head).end();
  return status;
}
