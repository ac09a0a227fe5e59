/** Where images and flash files lie while the processes of a run live: chosen, held, and cleared of what killed runs left. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { makeFolders } from "../../base/files/index.ts";

/** Memory file system of Linux. */
const TMPFS = "/dev/shm";
/** Room that has to stay free there. */
const TMPFS_RESERVE_BYTES = 256 * 1024 * 1024;
/**
 * A socket that the run listens on for as long as it lives. Whoever can connect knows that the run lives, in whatever namespace
 * its process numbers count; when its process ends, however that is, the kernel closes the socket, and connecting is refused.
 * Node has no flock, and a lease with a time would take the flash of a run that was stopped for longer (SIGSTOP, a laptop lid).
 */
const LOCK_FILE = "lock";
const NAME = /^poncast-\d+-[0-9a-f]{12}$/;
/** A folder without a lock is being made, or was left half made: by then it was. */
const MAKING_MS = 10 * 60 * 1000;

/** A folder that is this run's until it is let go. */
export interface StateRoot {
  path: string;
  /** Makes the folder where it is not there yet; in a run folder, empty. */
  make: () => void;
  /** Others may clear it away from then on. */
  release: () => void;
}

/**
 * Chooses the folder that holds images and every ONT's flash; what killed runs left in memory goes. In memory where there is
 * room and it may be written, since what a simulated flash needs is to survive its process; inside the run folder, not made yet,
 * where there is none, or where it is kept.
 */
export async function chooseStateRoot(
  runFolder: string,
  neededBytes: number,
  keep: boolean,
  memory = TMPFS,
): Promise<StateRoot> {
  await removeOrphans(memory);
  const inMemory = !keep && freeBytes(memory) >= neededBytes + TMPFS_RESERVE_BYTES;
  const held = inMemory ? await makeHeld(memory) : undefined;
  return held ?? inRunFolder(join(runFolder, "state"));
}

function inRunFolder(path: string): StateRoot {
  return {
    path,
    make: () => {
      rmSync(path, { recursive: true, force: true });
      makeFolders(path);
    },
    release: () => undefined,
  };
}

/** @returns undefined where it cannot be: memory that is read-only or full is no reason not to run */
async function makeHeld(memory: string): Promise<StateRoot | undefined> {
  const path = join(memory, `poncast-${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    mkdirSync(path, { mode: 0o700 });
    const server = await listen(join(path, LOCK_FILE));
    return { path, make: () => undefined, release: () => void server.close() };
  } catch {
    rmSync(path, { recursive: true, force: true });
    return undefined;
  }
}

function listen(path: string): Promise<Server> {
  return new Promise((done, failed) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", failed);
    server.listen(path, () => {
      // Held as long as there is something else to do.
      server.unref();
      done(server);
    });
  });
}

/** What runs left in memory that were killed before they could clear it away. What is not ours to remove stays. */
async function removeOrphans(memory: string): Promise<void> {
  for (const name of namesIn(memory)) {
    const path = join(memory, name);
    if (!(await isOrphan(path))) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Another user's, or on a file system that nobody may write to.
    }
  }
}

function namesIn(memory: string): string[] {
  try {
    const entries = readdirSync(memory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map(({ name }) => name);
  } catch {
    return [];
  }
}

async function isOrphan(path: string): Promise<boolean> {
  const answer = await codeOfConnecting(join(path, LOCK_FILE));
  // No lock: it is being made, or of a version that had none.
  return answer === "ECONNREFUSED" || (answer === "ENOENT" && isOld(path));
}

/** @returns "" where somebody listens; else what the system says */
function codeOfConnecting(path: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      done("");
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => done(code ?? "?"));
  });
}

function isOld(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > MAKING_MS;
}

function freeBytes(memory: string): number {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
