/** Roads that are a stream of octets each way: framing, waiting octets, the end. */
import type { Readable, Writable } from "node:stream";
import { Guard, caughtLine } from "../../base/errors/index.ts";
import type { OpenRoad, RoadHandlers } from "./road.ts";
import { slipEncode, SlipDecoder } from "./slip.ts";

/** Octets that wait for a reader who does not read; frames beyond are lost. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

/** Both directions of a stream: a socket, a line, or a child's stdout and stdin. */
export interface Octets {
  from: Readable;
  to: Writable;
}

/** Carries frames over a stream until it is closed. Who opened the stream sees to its end. */
export class OctetRoad implements OpenRoad {
  readonly #to: Writable;
  readonly #handlers: RoadHandlers;

  constructor(name: string, { from, to }: Octets, handlers: RoadHandlers) {
    this.#to = to;
    this.#handlers = handlers;
    const decoder = new SlipDecoder(handlers.onFrame, handlers.onDropped);
    const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
    from.on(
      "data",
      guard.wrap(name, (octets: Buffer) => decoder.push(octets)),
    );
  }

  get waitingBytes(): number {
    return this.#to.writableLength;
  }

  send(frame: Uint8Array): void {
    if (!this.#to.writable) return;
    if (this.waitingBytes > WAITING_BYTES_MAX) return this.#handlers.onDropped("not-read");
    this.#to.write(slipEncode(frame));
  }

  close(): void {
    this.#to.destroy();
  }
}
