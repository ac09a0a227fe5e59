/**
 * The image that a good delta makes: rebuilt block by block in the slot from the image that runs, read back, checked as any
 * image is. The slot that runs is only read; until the boot record calls the new image valid, a power cut leaves the delta
 * staged and the old image running, and the next End begins here again.
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
import type { CheckedImage, FlashFinding } from "./types.ts";

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
  const { record, config } = context;
  const from = otherSlot(job.slot);
  const base = record.slots[from];
  if (base === null || base.sha256 !== delta.baseSha256 || base.imageBytes !== delta.baseBytes)
    return endDownload(context, nowNs, "failed", "wrong-base");
  // All of it: who comes again after a power cut finds it held, and sends End alone.
  if (job.identity !== "")
    context.adoptRecord(withPartial(record, { slot: job.area, identity: job.identity, held: [...job.held.all] }));
  job.storing = {
    step: "rebuilding",
    delta,
    from,
    does: "checkBase",
    blocks: 0,
    block: 0,
    verifier: config.createVerifier(verifierOptions(context, from, delta.targetBytes)),
    verifiedBytes: 0,
  };
  ask(context, { kind: "checkSlot", slot: from, image: base });
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
      step.does = "erase";
      ask(context, { kind: "eraseSlot", slot: job.slot });
      return undefined;
    case "erase":
      step.does = "rebuild";
      return rebuildBlock(context, job, step);
    case "rebuild":
      if (finding !== true) return REBUILD_FAILED;
      step.block += 1;
      if (step.block < step.blocks) return rebuildBlock(context, job, step);
      step.does = "readBack";
      return readBack(context, job, step);
    case "readBack":
      if (!(finding instanceof Uint8Array) || finding.length === 0) return REBUILD_FAILED;
      return look(context, job, step, finding);
  }
}

function rebuildBlock(context: OntContext, { slot }: DownloadJob, { from, block }: RebuildStep): undefined {
  ask(context, { kind: "rebuildBlock", slot, from, block });
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
