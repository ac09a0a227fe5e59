import { instantiate } from "./assembler.ts";
import { CRC32_MEMORY_BYTES, crc32Functions, fillTables, FOLD_FROM_BYTES, INPUT_BYTES } from "./crc32-kernel.ts";
import { trainFunctions } from "./train-code.ts";

const PAGE_BYTES = 65_536;
/** A datagram fits in. */
const BURST_BYTES_MAX = 65_536;

/** The memory: what the CRC needs, its input, a burst, data gathered from the burst's frames. */
const INPUT_AT = CRC32_MEMORY_BYTES;
const BURST_AT = INPUT_AT + INPUT_BYTES;
const GATHERED_AT = BURST_AT + BURST_BYTES_MAX;
const PAGES = Math.ceil((GATHERED_AT + BURST_BYTES_MAX) / PAGE_BYTES);

/** CRC-32 and trains of sections in WebAssembly, on one memory. */
export interface FrameKernel {
  readonly memory: Uint8Array;
  /** `tables[256 * s + b]`: what byte b contributes when s more bytes follow it. */
  readonly tables: Int32Array;
  /** Where bytes for `crc32` go, at most INPUT_BYTES. */
  readonly inputAt: number;
  /**
   * CRC of so many bytes put there.
   *
   * @param register with its bytes in the order of the line. @returns likewise, any 32-bit number.
   */
  crc32(lengthBytes: number, register: number): number;
  /** Where a burst goes, at most `burstBytesMax`. */
  readonly burstAt: number;
  readonly burstBytesMax: number;
  /** Where the data of a train are, after `gather`. */
  readonly gatheredAt: number;
  /** See `trainFunctions`. */
  follow(frame: number, stride: number, burstEnd: number): number;
  gather(frame: number, stride: number, count: number): number;
}

function create(): FrameKernel | null {
  const made = instantiate({ parameters: 3, results: 1 }, { ...crc32Functions, ...trainFunctions(GATHERED_AT) }, PAGES);
  if (!made) return null;
  const { slice, fold, spread, follow, gather } = made.exports;
  return {
    memory: new Uint8Array(made.memory.buffer),
    tables: fillTables(made.memory, spread),
    inputAt: INPUT_AT,
    crc32: (lengthBytes, register) =>
      (lengthBytes < FOLD_FROM_BYTES ? slice : fold)(INPUT_AT, INPUT_AT + lengthBytes, register),
    burstAt: BURST_AT,
    burstBytesMax: BURST_BYTES_MAX,
    gatheredAt: GATHERED_AT,
    follow,
    gather,
  };
}

/** Made at first use; null where the engine has no WebAssembly SIMD. */
let shared: FrameKernel | null | undefined;

export const frameKernel = (): FrameKernel | null => (shared === undefined ? (shared = create()) : shared);
