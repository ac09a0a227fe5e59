/**
 * Frames in a stream of octets: SLIP (RFC 1055). END before and behind each frame, so that noise before one does not
 * spoil it; the frame's own trailer tells what got broken on the way.
 */
import { FRAME_BYTES_MAX } from "../../omci/index.ts";

const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;
/** Room for frames that are too long, so that they are seen to be. */
const FRAME_BYTES_KEPT = FRAME_BYTES_MAX + 64;

/** The octets of one frame. */
export function slipEncode(frame: Uint8Array): Uint8Array {
  const octets = new Uint8Array(2 * frame.length + 2);
  let at = 0;
  octets[at++] = END;
  for (const octet of frame) {
    if (octet === END || octet === ESC) octets[at++] = ESC;
    octets[at++] = octet === END ? ESC_END : octet === ESC ? ESC_ESC : octet;
  }
  octets[at++] = END;
  return octets.subarray(0, at);
}

/** Takes octets as they come, in any pieces. */
export class SlipDecoder {
  readonly #frame = new Uint8Array(FRAME_BYTES_KEPT);
  #length = 0;
  #isEscaped = false;
  /** Why what comes until the next END is no frame; empty when it may be one. */
  #fault = "";
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #onDropped: (cause: string) => void;

  /** @param onFrame gets a copy of each frame; nothing between two ENDs is no frame and no fault */
  constructor(onFrame: (frame: Uint8Array) => void, onDropped: (cause: string) => void) {
    this.#onFrame = onFrame;
    this.#onDropped = onDropped;
  }

  push(octets: Uint8Array): void {
    for (const octet of octets) {
      if (octet === END) this.#end();
      else if (this.#isEscaped) this.#unescape(octet);
      else if (octet === ESC) this.#isEscaped = true;
      else this.#put(octet);
    }
  }

  #unescape(octet: number): void {
    this.#isEscaped = false;
    if (octet === ESC_END) this.#put(END);
    else if (octet === ESC_ESC) this.#put(ESC);
    else this.#fault = "bad-escape";
  }

  #put(octet: number): void {
    if (this.#length < FRAME_BYTES_KEPT) this.#frame[this.#length++] = octet;
    else this.#fault = "too-long";
  }

  #end(): void {
    if (this.#isEscaped) this.#fault = "bad-escape";
    if (this.#fault !== "") this.#onDropped(this.#fault);
    else if (this.#length > 0) this.#onFrame(this.#frame.slice(0, this.#length));
    this.#length = 0;
    this.#isEscaped = false;
    this.#fault = "";
  }
}
