/** One server for a state folder: a socket in it that is listened on as long as the process lives, however it ends. */
import { rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join, relative } from "node:path";
import { InputError, isSystemError } from "../../base/errors/index.ts";
import { makeFolders } from "../../base/files/index.ts";

const LOCK_FILE = "lock";

/**
 * @returns lets it go
 * @throws InputError when another has it
 */
export async function holdFolder(folder: string): Promise<() => void> {
  makeFolders(folder);
  // A path of a socket has at most 107 bytes.
  const full = join(folder, LOCK_FILE);
  const short = relative(process.cwd(), full);
  const path = short.length < full.length ? short : full;
  if (await isHeld(path))
    throw new InputError({
      place: folder,
      problem: "another server keeps its state there",
      remedy: "name another --state",
    });
  rmSync(path, { force: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(path, done);
  }).catch((error: unknown) => {
    if (!isSystemError(error)) throw error;
    throw new InputError({ place: full, problem: `no socket can be made there (${error.code})` });
  });
  server.unref();
  return () => void server.close();
}

/** When a process ends, the system closes its sockets, and connecting is refused. */
function isHeld(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}
