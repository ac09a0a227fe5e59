/** From an image that lies in its slot and is good to a boot record that calls it valid: stable storage, then its configuration. */
import { withImage } from "./boot.ts";
import type { OntContext } from "./context.ts";
import { endDownload } from "./download.ts";
import { otherSlot } from "./images.ts";
import type { DownloadJob } from "./job.ts";
import type { CheckedImage, ConfigFacts, MigrationFinding } from "./types.ts";

/** The image lies in the slot, and is the one: it is brought to stable storage. */
export function syncImage(context: OntContext, job: DownloadJob, image: CheckedImage): void {
  job.storing = { step: "syncing", image };
  const id = context.flash.push({ kind: "syncSlot", slot: job.slot, imageBytes: image.imageBytes });
  context.waits.set(id, { kind: "slotSynced" });
}

/** The slot is on stable storage: now its configuration is made, where there is one, and the boot record may call it valid. */
export function handleSlotSynced(context: OntContext): void {
  const job = context.download;
  if (job?.storing?.step !== "syncing") return;
  const { image } = job.storing;
  const from = otherSlot(job.slot);
  if (!context.record.configs?.[from]) return record(context, job, image, null);
  job.storing = { step: "migrating", image };
  const { migration = "" } = image;
  const id = context.flash.push({ kind: "migrateConfig", slot: job.slot, from, migration });
  context.waits.set(id, { kind: "configMigrated" });
}

/** @param finding undefined: the storage gave nothing */
export function handleConfigMigrated(context: OntContext, nowNs: number, finding: MigrationFinding | undefined): void {
  const job = context.download;
  if (job?.storing?.step !== "migrating") return;
  if (finding !== undefined && "config" in finding) return record(context, job, job.storing.image, finding.config);
  // What a boot loader recovers has to boot, and begins with its defaults then.
  if (context.diagnostic !== null) return record(context, job, job.storing.image, null);
  endDownload(context, nowNs, "failed", `migration-failed: ${finding?.problem ?? "no configuration"}`);
}

function record(context: OntContext, job: DownloadJob, image: CheckedImage, config: ConfigFacts | null): void {
  const { delta: _delta, migration: _migration, ...stored } = image;
  const next = { ...withImage(context.record, job.slot, stored, config), partial: null };
  const id = context.writeRecord(next);
  job.storing = { step: "recording", image: stored };
  context.waits.set(id, { kind: "imageRecorded", record: next });
}
