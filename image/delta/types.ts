/** What a delta says of itself, and what makers and appliers of one are told. */

/** Whose branches are aimed anew before bytes are compared, by the images' instructions. */
export type DeltaFilter = "none" | "arm" | "armThumb" | "arm64" | "mips" | "mipsLe" | "x86";

export interface DeltaOptions {
  /** Of the images' hardware; `auto` (default) takes the one that finds most branches to aim anew. */
  filter?: DeltaFilter | "auto";
  /** Bytes of the target that are rebuilt at a time, a power of two from 64 KiB to 4 MiB; 1 MiB when not said. */
  blockBytes?: number;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** A delta's head, read and bounded; what stands in it is not yet proved. */
export interface DeltaHead {
  readonly filter: DeltaFilter;
  readonly blockBytes: number;
  readonly baseBytes: number;
  readonly targetBytes: number;
  readonly baseSha256: Uint8Array;
  readonly targetSha256: Uint8Array;
  /** Blocks of the target; all but the last have `blockBytes`. */
  readonly blocks: number;
  /** Head, table and moves: bodies begin behind it. */
  readonly headBytes: number;
  /** Head and bodies. */
  readonly deltaBytes: number;
  /** Where bodies begin, one more than there are blocks. */
  readonly bodyOffsetsBytes: Float64Array;
  /** First 16 octets of each block's SHA-256. */
  readonly blockDigests: Uint8Array;
  /** How far code has moved, by where it was: what branches to it are aimed anew by. */
  readonly moves: Moves;
}

/** A step function: what is at `starts[i]` or behind it, before `starts[i + 1]`, has moved by `shifts[i]`. */
export interface Moves {
  readonly starts: Int32Array;
  readonly shifts: Int32Array;
}

/** Reads the base anywhere; the result is used before the next call and not kept. */
export type ReadBase = (offsetBytes: number, lengthBytes: number) => Uint8Array;
