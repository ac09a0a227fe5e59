/**
 * The stream to each page (server-sent events): a snapshot, then what has changed, ten times a second at most. Nothing is kept
 * for a reader: one that does not take what it was sent is passed over, and later told of all that has changed meanwhile.
 */
import type { LiveModel } from "../model/index.ts";

const TICK_MS = 100;
/** Where nothing changes the page is told that somebody is there. */
const BEAT_MS = 1000;

/** A run as its readers know it. */
export interface StreamedRun {
  readonly name: string;
  readonly model: LiveModel;
  /** Called before its readers are told: what has come meanwhile. */
  look?: () => void;
}

/** The server's end of the connection to a page: of a `ServerResponse` what a stream uses. */
export interface PageEnd {
  writeHead(status: number, headers: Record<string, string>): unknown;
  write(text: string): unknown;
  end(text: string): unknown;
  once(event: "close", listener: () => void): unknown;
  readonly writableNeedDrain: boolean;
  readonly writableEnded: boolean;
}

interface Reader {
  response: PageEnd;
  run: StreamedRun;
  /** What it was sent; -1 = nothing. */
  version: number;
  sentMs: number;
}

export class Streams {
  readonly #epoch: string;
  readonly #readers = new Set<Reader>();
  readonly #nowMs: () => number;
  /** What was written for the readers of a version, in this tick. */
  readonly #written = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param epoch of this server: what was sent by another one counts for nothing */
  constructor(epoch: string, nowMs: () => number) {
    this.#epoch = epoch;
    this.#nowMs = nowMs;
  }

  get size(): number {
    return this.#readers.size;
  }

  /** @param lastEventId what a page says that it knows, where it was here before */
  open(response: PageEnd, run: StreamedRun, lastEventId: string): void {
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    const reader: Reader = { response, run, version: this.#known(run, lastEventId), sentMs: this.#nowMs() };
    response.write(`retry: ${TICK_MS * 5}\n\n`);
    this.#readers.add(reader);
    response.once("close", () => {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.#stop();
    });
    this.#timer ??= setInterval(() => this.tell(), TICK_MS).unref();
    this.#tell(reader);
  }

  /** Everybody who reads, of what is new. */
  tell(): void {
    this.#written.clear();
    for (const reader of this.#readers) this.#tell(reader);
  }

  /** Those who looked at no run in particular look at this one now. */
  turnTo(run: StreamedRun, from: StreamedRun | undefined): void {
    for (const reader of this.#readers) {
      if (reader.run !== from) continue;
      reader.run = run;
      reader.version = -1;
    }
    this.tell();
  }

  /** Tells what is left to tell, and that nothing follows. */
  end(): void {
    this.tell();
    for (const { response } of this.#readers) response.end("event: over\ndata: {}\n\n");
    this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #known({ name, model }: StreamedRun, lastEventId: string): number {
    const [epoch, run, version] = lastEventId.split("/", 3);
    const known = Number(version);
    const isOurs = epoch === this.#epoch && run === encodeURIComponent(name);
    return isOurs && Number.isInteger(known) && known >= 0 && known <= model.version ? known : -1;
  }

  #tell(reader: Reader): void {
    const { response, run, version } = reader;
    // It has not taken what it has: anything more would only wait in memory.
    if (response.writableNeedDrain || response.writableEnded) return;
    const text = this.#textFor(run, version);
    if (text === "") {
      if (this.#nowMs() - reader.sentMs < BEAT_MS) return;
      response.write("event: beat\ndata: {}\n\n");
    } else {
      reader.version = run.model.version;
      response.write(text);
    }
    reader.sentMs = this.#nowMs();
  }

  /** Written once for all who know the same. */
  #textFor(run: StreamedRun, version: number): string {
    const key = `${run.name}/${version}`;
    const written = this.#written.get(key);
    if (written !== undefined) return written;
    run.look?.();
    const { name, model } = run;
    const body = version < 0 ? model.snapshot(name) : model.delta(version);
    const id = `${this.#epoch}/${encodeURIComponent(name)}/${model.version}`;
    const text =
      body === undefined
        ? ""
        : `id: ${id}\nevent: ${version < 0 ? "snapshot" : "delta"}\ndata: ${JSON.stringify(body)}\n\n`;
    this.#written.set(key, text);
    return text;
  }
}
