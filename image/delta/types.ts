/** What a delta says of itself, and what makers and appliers of one are told. */

/** Whose branches are aimed anew before bytes are compared, by the images' instructions. */
export type DeltaFilter = "none" | "arm" | "armThumb" | "arm64" | "mips" | "mipsLe" | "x86" | "x64";

export interface DeltaOptions {
  /** Of the images' hardware; `auto` (default) takes the one that finds most branches to aim anew. */
  filter?: DeltaFilter | "auto";
  /** Bytes of the target that are rebuilt at a time, a power of two from 64 KiB to 4 MiB; 1 MiB when not said. */
  blockBytes?: number;
  /** Threads that match; without them this one does. The delta is the same. */
  threads?: DeltaThreads;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** Threads of a process that matches. */
export interface DeltaThreads {
  /** Bundle of worker.ts (dist/delta-worker.js). */
  file: string;
  /** As many as pay on this machine when not said. */
  count?: number;
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
  /** What is aimed anew before octets are compared, and by how much. */
  readonly aim: AimTables;
}

/** What is aimed anew in the base: where what is pointed to has moved, and which pages hold pointers of which kind. */
export interface AimTables {
  /** By where it was, as branches and words that say how far it is tell it. */
  readonly moves: Moves;
  /** By the word that says where it was. */
  readonly words: Moves;
  /** `PageKind` for each page of the base; undefined: all hold branches, as in deltas that say nothing of pages. */
  readonly kinds: Uint8Array | undefined;
}

/** A step function: what is at `starts[i]` or behind it, before `starts[i + 1]`, has moved by `shifts[i]`. */
export interface Moves {
  readonly starts: Int32Array;
  readonly shifts: Int32Array;
}

/** Reads the base anywhere; the result is used before the next call and not kept. */
export type ReadBase = (offsetBytes: number, lengthBytes: number) => Uint8Array;

/** How one architecture branches. */
export interface Instructions {
  /** As deltas call the filter. */
  readonly number: number;
  /** Instructions begin at multiples of this, in the base. */
  readonly stepBytes: number;
  /** Octets that have to be there before one is looked for. */
  readonly widthBytes: number;
  /** The operand is where the branch goes, not how far from here. */
  readonly absolute: boolean;
  /** Words of data have their highest octet first. */
  readonly bigEndian: boolean;
  /** @returns octets of the branch that begins here; 0: none does */
  branchAt(bytes: Uint8Array, at: number): number;
  /** @param at where one may begin. @returns where the next one does; none before `stop`: the first place from there on where one may */
  nextBranch(bytes: Uint8Array, at: number, stop: number): number;
  /** @returns the operand of a branch, in octets of code */
  operandOf(bytes: Uint8Array, at: number): number;
  setOperand(bytes: Uint8Array, at: number, operand: number): void;
  /**
   * Where code says a place by its address. Left out: in words between instructions, at multiples of four.
   *
   * @returns octets in front of such an operand in what begins here; 0: there is none
   */
  wordIn?(bytes: Uint8Array, at: number): number;
}
