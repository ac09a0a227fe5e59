/** Files of the owner on their way to a host, piece by piece; whole, each is what its digest says. */
import { createHash } from "node:crypto";
import { RunInputError } from "../../errors.ts";
import type { FromHost, SharedFile, ToHost } from "./protocol.ts";

export class Fetched {
  readonly #contents = new Map<string, Uint8Array>();
  readonly #ask: (message: Extract<FromHost, { type: "fetch" }>) => void;
  #waiting: { file: SharedFile; content: Uint8Array; done: () => void; failed: (error: Error) => void } | undefined;

  constructor(ask: (message: Extract<FromHost, { type: "fetch" }>) => void) {
    this.#ask = ask;
  }

  /** There is no need to fetch this one. */
  have(sha256: string, content: Uint8Array): void {
    this.#contents.set(sha256, content);
  }

  /** One after the other. @throws RunInputError when one is not what it should be */
  async all(files: readonly SharedFile[]): Promise<void> {
    for (const file of files) if (!this.#contents.has(file.sha256)) await this.#fetch(file);
  }

  /** Of a file that was fetched. */
  contentOf({ sha256 }: SharedFile): Uint8Array {
    return this.#contents.get(sha256)!;
  }

  handlePiece({ sha256, at, bytes }: Extract<ToHost, { type: "piece" }>): void {
    const waiting = this.#waiting;
    if (waiting?.file.sha256 !== sha256 || at + bytes.length > waiting.content.length) return;
    waiting.content.set(bytes, at);
    const next = at + bytes.length;
    if (next < waiting.content.length && bytes.length > 0) return this.#ask({ type: "fetch", sha256, at: next });
    this.#waiting = undefined;
    const got = createHash("sha256").update(waiting.content).digest("hex");
    if (got !== sha256)
      return waiting.failed(new RunInputError(`the owner's file of SHA-256 ${sha256} came as ${got}`));
    this.#contents.set(sha256, waiting.content);
    waiting.done();
  }

  #fetch(file: SharedFile): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting = { file, content: new Uint8Array(file.bytes), done, failed };
      this.#ask({ type: "fetch", sha256: file.sha256, at: 0 });
    });
  }
}
