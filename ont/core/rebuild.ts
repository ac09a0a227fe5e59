/**
 * The image that a good delta makes: rebuilt block by block in the slot from the image that runs, read back, checked as any
 * image is. The slot that runs is only read; until the boot record calls the new image valid, a power cut leaves the delta
 * staged and the old image running, and the next End goes on behind the last block that the record names.
 */
import type { DeltaFacts } from "../../image/index.ts";
import { withPartial } from "./boot.ts";
import { roomCause } from "./conditions.ts";
import type { OntContext } from "./context.ts";
import { endDownload, verifierOptions } from "./download.ts";
import { otherSlot } from "./images.ts";
import { type DownloadJob, READ_BYTES_MAX, type RebuildStep } from "./job.ts";
import type { FlashRequest } from "./queues.ts";
import { syncImage } from "./store.ts";
import type { BootRecord, CheckedImage, FlashFinding } from "./types.ts";

/** Of a delta that does not make what it says. */
const REBUILD_FAILED = "rebuild-failed";

/** @param delta what the checked delta says; undefined: this ONT checks nothing (deviations.ts), and knows of no base */
export function beginRebuild(
  context: OntContext,
  nowNs: number,
  job: DownloadJob,
  delta: DeltaFacts | undefined,
): void {
  if (delta === undefined) return endDownload(context, nowNs, "failed", "not-a-delta");
  const { config, record } = context;
  const from = otherSlot(job.slot);
  const base = record.slots[from];
  if (base === null || base.sha256 !== delta.baseSha256 || base.imageBytes !== delta.baseBytes)
    return endDownload(context, nowNs, "failed", "wrong-base");
  // All of it: who comes again after a power cut finds it held, and sends End alone.
  const block = blocksLeft(record, job);
  noteBlocks(context, job, block);
  job.storing = {
    step: "rebuilding",
    delta,
    from,
    does: "checkBase",
    blocks: 0,
    block,
    verifier: config.createVerifier(verifierOptions(context, from, delta.targetBytes)),
    verifiedBytes: 0,
  };
  ask(context, { kind: "checkSlot", slot: from, image: base });
}

/** Blocks that a rebuild of this very delta into this slot has left. */
function blocksLeft({ partial }: BootRecord, { area, identity, slot }: DownloadJob): number {
  const isOurs = identity !== "" && partial?.slot === area && partial.identity === identity;
  return isOurs && partial.rebuilt?.slot === slot ? partial.rebuilt.blocks : 0;
}

/** All of the delta is held, and so many blocks are made: in the queue of the flash behind what made them. */
function noteBlocks(context: OntContext, { area, identity, held, slot }: DownloadJob, blocks: number): void {
  if (identity === "") return;
  const part = { slot: area, identity, held: [...held.all] };
  context.adoptRecord(withPartial(context.record, blocks === 0 ? part : { ...part, rebuilt: { slot, blocks } }));
}

function ask(context: OntContext, request: FlashRequest): void {
  context.waits.set(context.flash.push(request), { kind: "rebuilt" });
}

/** A step is done; the next one follows, or the End that waits is answered that it has failed. */
export function handleRebuilt(context: OntContext, nowNs: number, finding: FlashFinding | undefined): void {
  const job = context.download;
  if (job?.storing?.step !== "rebuilding") return;
  const outcome = next(context, job, job.storing, finding);
  if (typeof outcome === "string") return endDownload(context, nowNs, "failed", outcome);
  if (outcome !== undefined) syncImage(context, job, outcome);
}

/** @returns why it fails, the image once it is whole and good, or undefined while it goes on */
function next(
  context: OntContext,
  job: DownloadJob,
  step: RebuildStep,
  finding: FlashFinding | undefined,
): string | CheckedImage | undefined {
  switch (step.does) {
    case "checkBase":
      if (finding !== true) return "wrong-base";
      step.does = "openDelta";
      ask(context, { kind: "openDelta", deltaBytes: job.imageBytes, delta: step.delta });
      return undefined;
    case "openDelta":
      if (typeof finding !== "number" || finding === 0) return REBUILD_FAILED;
      step.blocks = finding;
      if (step.block > 0) {
        step.does = "keep";
        ask(context, { kind: "keepBlocks", slot: job.slot, blocks: Math.min(step.block, step.blocks) });
        return undefined;
      }
      step.does = "erase";
      ask(context, { kind: "eraseSlot", slot: job.slot });
      return undefined;
    case "erase":
      return rebuildNext(context, job, step);
    case "keep":
      if (typeof finding !== "number") return REBUILD_FAILED;
      step.block = finding;
      return rebuildNext(context, job, step);
    case "rebuild":
      if (finding !== true) return REBUILD_FAILED;
      step.block += 1;
      noteBlocks(context, job, step.block);
      return rebuildNext(context, job, step);
    case "readBack":
      if (!(finding instanceof Uint8Array) || finding.length === 0) return REBUILD_FAILED;
      return look(context, job, step, finding);
  }
}

function rebuildNext(context: OntContext, job: DownloadJob, step: RebuildStep): undefined {
  const { from, block, blocks } = step;
  step.does = block < blocks ? "rebuild" : "readBack";
  if (block === blocks) return readBack(context, job, step);
  ask(context, { kind: "rebuildBlock", slot: job.slot, from, block });
}

function readBack(context: OntContext, { slot }: DownloadJob, step: RebuildStep): undefined {
  const lengthBytes = Math.min(READ_BYTES_MAX, step.delta.targetBytes - step.verifiedBytes);
  ask(context, { kind: "readSlot", slot, offsetBytes: step.verifiedBytes, lengthBytes });
}

/** What was written is read back as the image that it is to be: with its own signatures, and the digest that the delta names. */
function look(
  context: OntContext,
  job: DownloadJob,
  step: RebuildStep,
  bytes: Uint8Array,
): string | CheckedImage | undefined {
  const { delta, verifier } = step;
  const cause = verifier.update(bytes);
  if (cause !== undefined) return cause;
  step.verifiedBytes += bytes.length;
  if (step.verifiedBytes < delta.targetBytes) return readBack(context, job, step);
  const verdict = verifier.finish(delta.targetCrc32);
  if (!verdict.valid) return verdict.cause;
  return verdict.image.sha256 === delta.targetSha256 ? verdict.image : REBUILD_FAILED;
}

/** Whether the image that a delta makes has no room; told as soon as its header is in. */
export function targetCause({ conditions }: OntContext, { verifier }: DownloadJob): "room" | undefined {
  const delta = verifier.manifest?.delta;
  if (delta === undefined) return undefined;
  return roomCause(conditions, { slotBytes: delta.targetBytes, stagingBytes: 0 }) === null ? undefined : "room";
}
