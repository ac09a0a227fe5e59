/** Sends parts of files: piece by piece, no more in memory than the reader takes, as fast as the limits let it. */
import { type FileHandle, open } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { type Pace, pieceBytes, reserve } from "./core/index.ts";
import type { ServedFile } from "./files.ts";

/** A reader that takes nothing for this long is let go. */
const STALL_MS = 30_000;
const LOOK_MS = 1_000;
/** With so many downloads, pieces are smaller: what all of them hold is bounded. */
const CROWD = 512;
const CROWD_PIECE_BYTES = 16 * 1024;

export interface DownloadCounts {
  /** Bytes of files, handed to the network. */
  sentBytes: number;
  done: number;
  /** Broken off by the reader, or let go. */
  broken: number;
  stalled: number;
}

/** The same, and how many are under way, by the names that metrics have for them. */
export interface DownloadFigures {
  activeDownloads: number;
  sentBytes: number;
  downloadsDone: number;
  downloadsBroken: number;
  downloadsStalled: number;
}

interface Open {
  response: ServerResponse;
  /** Since when the reader takes nothing; undefined while it is our turn. */
  blockedMs: number | undefined;
}

export class DepotDownloads {
  readonly counts: DownloadCounts = { sentBytes: 0, done: 0, broken: 0, stalled: 0 };
  readonly #open = new Set<Open>();
  readonly #handles = new Map<string, Promise<FileHandle>>();
  readonly #nowMs: () => number;
  readonly #stallMs: number;
  readonly #look: NodeJS.Timeout;

  constructor(nowMs: () => number, stallMs = STALL_MS) {
    this.#nowMs = nowMs;
    this.#stallMs = stallMs;
    this.#look = setInterval(() => this.#letStalledGo(), Math.min(LOOK_MS, stallMs));
    this.#look.unref();
  }

  get active(): number {
    return this.#open.size;
  }

  /** For metrics. */
  get figures(): DownloadFigures {
    const { sentBytes, done, broken, stalled } = this.counts;
    return {
      activeDownloads: this.active,
      sentBytes,
      downloadsDone: done,
      downloadsBroken: broken,
      downloadsStalled: stalled,
    };
  }

  /** Ends all that are under way. */
  breakOff(): void {
    for (const { response } of this.#open) response.destroy();
  }

  async close(): Promise<void> {
    clearInterval(this.#look);
    this.breakOff();
    await Promise.all([...this.#handles.values()].map(async (handle) => (await handle).close()));
    this.#handles.clear();
  }

  /**
   * Sends bytes `first` to `last` of the file, and ends the response; head and length are written already.
   *
   * @param paces limits that count for it
   * @throws system errors when the file cannot be read; the response is then destroyed
   */
  async send(
    response: ServerResponse,
    file: ServedFile,
    first: number,
    last: number,
    paces: readonly Pace[],
  ): Promise<void> {
    const download: Open = { response, blockedMs: undefined };
    this.#open.add(download);
    let isWhole = false;
    try {
      const handle = await this.#handleOf(file.path);
      let at = first;
      while (at <= last && !response.destroyed) {
        const wanted = Math.min(pieceBytes(paces), this.active > CROWD ? CROWD_PIECE_BYTES : Infinity, last + 1 - at);
        const piece = placeOf(file, at, wanted);
        await waitFor(reserve(paces, this.#nowMs(), piece.bytes), response);
        if (response.destroyed) break;
        const buffer = Buffer.allocUnsafe(piece.bytes);
        const { bytesRead } = await handle.read(buffer, 0, piece.bytes, piece.at);
        if (bytesRead !== piece.bytes) throw new Error(`${file.path} has become shorter`);
        this.counts.sentBytes += bytesRead;
        at += bytesRead;
        if (!response.write(buffer)) await this.#drained(download);
      }
      isWhole = at > last && !response.destroyed;
      if (isWhole) response.end();
    } catch (error) {
      response.destroy();
      throw error;
    } finally {
      this.#open.delete(download);
      if (isWhole) this.counts.done++;
      else this.counts.broken++;
    }
  }

  #handleOf(path: string): Promise<FileHandle> {
    const known = this.#handles.get(path);
    if (known !== undefined) return known;
    const handle = open(path, "r");
    this.#handles.set(path, handle);
    handle.catch(() => this.#handles.delete(path));
    return handle;
  }

  async #drained(download: Open): Promise<void> {
    download.blockedMs = this.#nowMs();
    await eventOf(download.response, "drain");
    download.blockedMs = undefined;
  }

  #letStalledGo(): void {
    const nowMs = this.#nowMs();
    for (const { response, blockedMs } of this.#open) {
      if (blockedMs === undefined || nowMs - blockedMs < this.#stallMs) continue;
      this.counts.stalled++;
      response.destroy();
    }
  }
}

/** Where in the file the next bytes of what is sent are, and how many of those wanted are there in one piece. */
export function placeOf(
  { extents }: Pick<ServedFile, "extents">,
  at: number,
  bytes: number,
): { at: number; bytes: number } {
  let before = 0;
  for (const extent of extents) {
    const within = at - before;
    if (within < extent.bytes) return { at: extent.at + within, bytes: Math.min(bytes, extent.bytes - within) };
    before += extent.bytes;
  }
  throw new RangeError(`${at} is behind the end of the file`);
}

/** Until then, or until the reader has gone. */
function waitFor(ms: number, response: ServerResponse): Promise<void> | undefined {
  if (ms <= 0) return undefined;
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    response.once("close", done);
  });
}

/** Or until the reader has gone. */
function eventOf(response: ServerResponse, name: "drain"): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off(name, done);
      response.off("close", done);
      resolve();
    };
    response.once(name, done);
    response.once("close", done);
  });
}
