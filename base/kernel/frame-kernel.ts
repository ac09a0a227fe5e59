/** CRC-32, trains of frames and tags of datagrams in WebAssembly: what frames.wat holds, made ready and given types. */
import { byteTable } from "./crc32-table.ts";
import { instantiate, type KernelExports } from "./instantiate.ts";
import { FRAMES } from "./modules.ts";

/** Of a table for one byte; spread over sixteen of them, see frames.wat. */
const TABLE_BYTES = 1024;
const TABLES = 16;
/** At which tables alone are as fast. */
const FOLD_FROM_BYTES = 1024;
/** Compared at once. */
const HEAD_BYTES_MAX = 16;
/** Of a layout in memory. */
const LAYOUT_BYTES = 36;
const LAYOUTS_MAX = 8;

/** What frames of a train have in common: all from the link's header to the number, but for what is said here. */
export interface TrainLayout {
  /** The link's, in front of a frame. */
  readonly headerBytes: number;
  /** Where in a frame two bytes count up, the first the more significant. */
  readonly counterAt: number;
  /** Where one byte counts up; behind it frames may differ. */
  readonly numberAt: number;
  /** Where the flag is that ends a train, and its bit. */
  readonly flagAt: number;
  readonly flag: number;
}

interface FrameExports extends KernelExports {
  readonly input: WebAssembly.Global;
  readonly burst: WebAssembly.Global;
  readonly gathered: WebAssembly.Global;
  readonly layouts: WebAssembly.Global;
  readonly keys: WebAssembly.Global;
  readonly head: WebAssembly.Global;
  readonly outgoing: WebAssembly.Global;
  readonly spread: (from: number, to: number) => void;
  readonly slice: FrameKernel["crc32"];
  readonly fold: FrameKernel["crc32"];
  readonly follow: FrameKernel["follow"];
  readonly gather: FrameKernel["gather"];
  readonly derive: FrameKernel["derive"];
  readonly tag: FrameKernel["tag"];
}

/** CRC-32, tags of datagrams and trains of frames, on one memory. Addresses are those in `memory`. */
export interface FrameKernel {
  readonly memory: Uint8Array;
  /** `tables[256 * s + b]`: what byte b contributes when s more bytes follow it. */
  readonly tables: Int32Array;
  /** Where bytes for `crc32` go. */
  readonly inputAt: number;
  readonly inputBytesMax: number;
  /**
   * CRC of the bytes `from`…`to - 1`.
   *
   * @param register with its bytes in the order of the line. @returns the same, any 32-bit number.
   */
  readonly crc32: (from: number, to: number, register: number) => number;
  /** Where a burst goes. */
  readonly burstAt: number;
  readonly burstBytesMax: number;
  /** Where the data of a train are, one frame's behind the other's, after `gather`. */
  readonly gatheredAt: number;
  /** Puts a layout down, once. @returns what `follow` calls it. */
  layout(layout: TrainLayout): number;
  /**
   * Frames of the train that begins with the one at `frame` of the burst, 1…256. It must be known to have a right CRC-32
   * trailer and no flag. The last of the others may have the flag.
   *
   * @param stride to the next frame. @param frameBytes of each, with its trailer
   */
  readonly follow: (frame: number, stride: number, frameBytes: number, burstEnd: number, layout: number) => number;
  /** Copies `dataBytes` from each of `count` places (1 or more), the first at `data`. */
  readonly gather: (data: number, stride: number, count: number, dataBytes: number) => void;
  /** Keys of tags: NH_KEY_BYTES and, behind them, SIP_KEY_BYTES. */
  readonly keysAt: number;
  /** Makes them of the key that is where SipHash's goes. */
  readonly derive: () => void;
  /** Where a datagram's head goes, sixteen bytes. */
  readonly headAt: number;
  /** Where a datagram goes that is sealed, as one that came in may still be read at `burstAt`; as many bytes fit. */
  readonly outgoingAt: number;
  /**
   * Tag of the head and of the bytes `from`…`to - 1` of the burst or the outgoing datagram: eight bytes at `headAt`. Up to 32 bytes
   * behind `to` are lost.
   */
  readonly tag: (from: number, to: number) => void;
}

/** What NH takes at once, what it leaves of that, and its key: as long, and one shift of sixteen bytes (RFC 4418 5.2.2). */
export const NH_STRETCH_BYTES = 1024;
export const NH_BYTES = 16;
export const NH_KEY_BYTES = NH_STRETCH_BYTES + 16;
export const SIP_KEY_BYTES = 16;

function create(): FrameKernel | null {
  const exports = instantiate<FrameExports>(FRAMES);
  if (!exports) return null;
  const { slice, fold } = exports;
  const { buffer } = exports.memory;
  const memory = new Uint8Array(buffer);
  const tables = new Int32Array(buffer, 0, (TABLES * TABLE_BYTES) / Int32Array.BYTES_PER_ELEMENT);
  tables.set(byteTable());
  exports.spread(0, (TABLES - 1) * TABLE_BYTES);
  const [inputAt, burstAt, gatheredAt] = [exports.input.value, exports.burst.value, exports.gathered.value];
  const layouts: TrainLayout[] = [];
  const addressOf = (index: number): number => exports.layouts.value + index * LAYOUT_BYTES;
  return {
    memory,
    tables,
    inputAt,
    inputBytesMax: burstAt - inputAt,
    crc32: (from, to, register) => (to - from < FOLD_FROM_BYTES ? slice : fold)(from, to, register),
    burstAt,
    burstBytesMax: gatheredAt - burstAt,
    gatheredAt,
    layout: (layout) => {
      const known = layouts.indexOf(layout);
      if (known >= 0) return addressOf(known);
      if (layouts.length === LAYOUTS_MAX) throw new RangeError(`more than ${LAYOUTS_MAX} layouts of trains`);
      const address = addressOf(layouts.push(layout) - 1);
      putLayout(memory, address, layout);
      return address;
    },
    follow: exports.follow,
    gather: exports.gather,
    keysAt: exports.keys.value,
    derive: exports.derive,
    headAt: exports.head.value,
    outgoingAt: exports.outgoing.value,
    tag: exports.tag,
  };
}

function putLayout(memory: Uint8Array, address: number, layout: TrainLayout): void {
  const { headerBytes, counterAt, numberAt, flagAt, flag } = layout;
  const headBytes = headerBytes + numberAt;
  if (headBytes > HEAD_BYTES_MAX) throw new RangeError(`a head of ${headBytes} bytes; at most 16 are compared`);
  const mask = memory.subarray(address, address + HEAD_BYTES_MAX).fill(0);
  mask.fill(0xff, 0, headBytes);
  mask.fill(0, headerBytes + counterAt, headerBytes + counterAt + 2);
  mask[headerBytes + flagAt] &= ~flag;
  const words = new Int32Array(memory.buffer, address + HEAD_BYTES_MAX);
  words.set([headerBytes, counterAt, numberAt, flagAt, flag]);
}

/** Made at first use; null where the engine has no WebAssembly SIMD. */
let shared: FrameKernel | null | undefined;

export const frameKernel = (): FrameKernel | null => (shared === undefined ? (shared = create()) : shared);
