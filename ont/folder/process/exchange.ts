/** One question of the agent to a folder: its answer comes later, a payload in pieces as the agent has room for them. */
import type { AgentRequest } from "../../agent/index.ts";
import type { BodyExchange, ExchangeSinks } from "../../road/process/index.ts";
import type { FolderAnswer, FolderDepot } from "../depot.ts";
import type { OpenFile, WatchedFolder } from "../folder.ts";

/** Read at a time: others have their turn in between. */
const PIECE_BYTES = 128 * 1024;

export class FolderExchange implements BodyExchange {
  readonly #folder: WatchedFolder;
  readonly #sinks: ExchangeSinks;
  #file: OpenFile | undefined;
  #at = 0;
  #leftBytes = 0;
  #isOver = false;
  #isWaiting = false;

  constructor(folder: WatchedFolder, depot: FolderDepot, request: AgentRequest, sinks: ExchangeSinks) {
    this.#folder = folder;
    this.#sinks = sinks;
    setImmediate(() => {
      if (!this.#isOver) this.#answered(depot.answer(request));
    });
  }

  #answered({ status, headers, text, extent }: FolderAnswer): void {
    if (extent !== undefined && !this.#open(extent)) return this.#broken();
    this.#sinks.response(status, headers, []);
    if (extent !== undefined) return this.read();
    if (text !== "") this.#sinks.body(Buffer.from(text));
    this.#end(() => this.#sinks.end());
  }

  /** @returns false where it is not the file that was judged */
  #open({ at, bytes, sight }: NonNullable<FolderAnswer["extent"]>): boolean {
    try {
      this.#file = this.#folder.open();
    } catch {
      return false;
    }
    this.#at = at;
    this.#leftBytes = bytes;
    return this.#file.sizeBytes === sight.sizeBytes && this.#file.mtimeMs === sight.mtimeMs;
  }

  read(): void {
    if (this.#isOver || this.#isWaiting || this.#file === undefined) return;
    this.#isWaiting = true;
    setImmediate(() => {
      this.#isWaiting = false;
      this.#take();
    });
  }

  #take(): void {
    const file = this.#file;
    if (this.#isOver || file === undefined) return;
    const bytes = Math.min(this.#leftBytes, this.#sinks.roomBytes(), PIECE_BYTES);
    if (bytes < 1) return;
    let piece: Buffer;
    try {
      piece = file.read(this.#at, bytes);
    } catch {
      return this.#broken();
    }
    this.#at += bytes;
    this.#leftBytes -= bytes;
    // The last byte may make the agent abort it.
    this.#sinks.body(piece);
    if (this.#leftBytes === 0) this.#end(() => this.#sinks.end());
    else this.read();
  }

  #broken(): void {
    this.#end(() => this.#sinks.broken("the file cannot be read, or is another by now"));
  }

  #end(tell: () => void): void {
    if (this.#isOver) return;
    this.abort();
    tell();
  }

  abort(): void {
    this.#isOver = true;
    this.#file?.close();
    this.#file = undefined;
  }
}
