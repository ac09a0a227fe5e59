/** A connection between the owner of a run and a host that brings a port to it; both have shown the key of the PON. */
import type { Socket } from "node:net";
import type { SealedLines } from "./sealed.ts";

export class HostLink {
  /** What the host calls itself, the same over all its connections. */
  readonly host: string;
  /** Where the other end is. */
  readonly address: string;
  onText: (text: string) => void = () => undefined;
  onEnd: () => void = () => undefined;
  readonly #socket: Socket;
  readonly #lines: SealedLines;

  constructor(host: string, socket: Socket, lines: SealedLines) {
    this.host = host;
    this.address = socket.remoteAddress ?? "";
    this.#socket = socket;
    this.#lines = lines;
    socket.once("close", () => this.onEnd());
  }

  /** @returns false for a line that the other end did not say */
  take(line: string): boolean {
    const text = this.#lines.open(line);
    if (text !== undefined) this.onText(text);
    return text !== undefined;
  }

  /** @param text ASCII without a line's end */
  say(text: string): void {
    if (this.#socket.writable) this.#socket.write(this.#lines.seal(text));
  }

  /** What was said still goes out. */
  end(): void {
    this.#socket.end();
  }

  /** At once: a line that was cut would keep what was said for minutes. */
  drop(): void {
    this.#socket.destroy();
  }
}
