/** Where images and flash files lie while the processes of a run live: chosen, and cleared of what killed runs left. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

/** Memory file system of Linux. */
const TMPFS = "/dev/shm";
/** Room that has to stay free there. */
const TMPFS_RESERVE_BYTES = 256 * 1024 * 1024;

/**
 * Chooses the folder that holds images and every ONT's flash, and makes nothing yet; what killed runs left in memory goes.
 * In memory where there is room, since what a simulated flash needs is to survive its process; inside the run folder where
 * there is none, or where it is kept.
 */
export function chooseStateRoot(runFolder: string, neededBytes: number, keep: boolean): string {
  removeOrphans();
  const inMemory = !keep && tmpfsFreeBytes() >= neededBytes + TMPFS_RESERVE_BYTES;
  return inMemory ? join(TMPFS, `poncast-${process.pid}-${randomBytes(6).toString("hex")}`) : join(runFolder, "state");
}

/** What runs left in memory that were killed before they could clear it away. */
function removeOrphans(): void {
  if (!existsSync(TMPFS)) return;
  for (const name of readdirSync(TMPFS)) {
    const match = /^poncast-(\d+)-[0-9a-f]{12}$/.exec(name);
    if (match && !existsSync(`/proc/${match[1]}`)) rmSync(join(TMPFS, name), { recursive: true, force: true });
  }
}

function tmpfsFreeBytes(): number {
  try {
    const { bavail, bsize } = statfsSync(TMPFS);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
