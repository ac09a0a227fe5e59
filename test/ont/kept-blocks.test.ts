/** Blocks that a rebuild has left, read back in a file and in virtual flash: those before the first that is not as it was are kept. */
import { expect, it } from "vitest";
import type { FlashFinding, FlashOperation } from "../../ont/index.ts";
import { createFactoryState, SlotStore } from "../../ont/process/slots.ts";
import { SharedImages, VirtualFlash } from "../../run/virtual/index.ts";
import { BLOCK_BYTES, BLOCKS, deltaBundle, deltaFacts, newBundle, oldBundle, oldRecord } from "./delta-bundles.ts";
import { LossyFiles } from "./lossy-files.ts";

type Request = FlashOperation extends infer Each ? (Each extends { id: number } ? Omit<Each, "id"> : never) : never;

interface Storage {
  ask: (request: Request) => FlashFinding | undefined;
  slot: () => Uint8Array;
}

function onDisk(): Storage {
  const files = new LossyFiles();
  createFactoryState("/ont", oldBundle, oldRecord, "fsync", { fs: files.fs });
  const store = new SlotStore("/ont", "fsync", files.fs);
  return {
    ask: (request) => {
      let found: FlashFinding | undefined;
      store.carryOut({ ...request, id: 1 } as FlashOperation, (error, _id, finding) => {
        expect(error).toBeNull();
        found = finding;
      });
      return found;
    },
    slot: () => files.read("/ont/slot1.img"),
  };
}

const ERASE_NS = 5;

function virtual(): Storage {
  const timing = { eraseNs: ERASE_NS, writeBytesPerSecond: 1e9, verifyBytesPerSecond: 1e9, checkNs: 1 };
  const flash = new VirtualFlash(new SharedImages([deltaBundle, oldBundle, newBundle]), timing);
  flash.install(oldRecord, [oldBundle, null]);
  let isOpen = false;
  return {
    ask: (request) => {
      const job = flash.accept({ ...request, id: 1 } as FlashOperation);
      if (job.kind === "keepBlocks" && isOpen)
        expect(job.durationNs).toBe(ERASE_NS + Math.min(job.block * BLOCK_BYTES, newBundle.length));
      isOpen ||= job.kind === "openDelta";
      flash.carryOut(job, 1);
      return flash.findingOf(job);
    },
    slot: () => flash.slots[1].read(flash.slots[1].lengthBytes),
  };
}

/** Rebuilt but for the last block. */
function rebuilt(storage: Storage): void {
  storage.ask({ kind: "writeSlot", slot: 2, offsetBytes: 0, bytes: deltaBundle });
  expect(storage.ask({ kind: "openDelta", deltaBytes: deltaBundle.length, delta: deltaFacts })).toBe(BLOCKS);
  for (let block = 0; block < BLOCKS - 1; block++)
    expect(storage.ask({ kind: "rebuildBlock", slot: 1, from: 0, block })).toBe(true);
}

it.each([
  ["file", onDisk],
  ["virtual flash", virtual],
] as const)("%s", (_where, make) => {
  // Asked for so many, octet changed; kept.
  for (const [blocks, changedAt, kept] of [
    [BLOCKS - 1, -1, BLOCKS - 1],
    [BLOCKS, -1, BLOCKS - 1],
    [2, -1, 2],
    [BLOCKS - 1, 0, 0],
    [BLOCKS - 1, BLOCK_BYTES - 1, 0],
    [BLOCKS - 1, BLOCK_BYTES, 1],
    [BLOCKS - 1, 2 * BLOCK_BYTES + 99, 2],
  ] as const) {
    const storage = make();
    rebuilt(storage);
    const bytes = Uint8Array.of((newBundle[changedAt] ?? 0) ^ 1);
    if (changedAt >= 0) storage.ask({ kind: "writeSlot", slot: 1, offsetBytes: changedAt, bytes });
    expect(storage.ask({ kind: "keepBlocks", slot: 1, blocks })).toBe(kept);
    expect(Buffer.compare(storage.slot(), newBundle.subarray(0, kept * BLOCK_BYTES))).toBe(0);
  }
});

it("none where no delta is open", () => {
  for (const storage of [onDisk(), virtual()]) {
    storage.ask({ kind: "writeSlot", slot: 1, offsetBytes: 0, bytes: newBundle });
    expect(storage.ask({ kind: "keepBlocks", slot: 1, blocks: 2 })).toBe(0);
    expect(storage.slot()).toHaveLength(0);
  }
});
