/** The captures of several OLT processes: written beside each other, then one file. */
import { appendFileSync, closeSync, existsSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { clearCaptureFile } from "../../pon/capture/index.ts";
import { capturePathOf } from "./plan.ts";

const CHUNK_BYTES = 1024 * 1024;
/** Behind the name of the whole, see `capturePathOf`. */
const PORT_ENDING = /^\.port-\d+$/;

/**
 * Makes them anew. What a run that was killed left beside the file, of however many ports, goes: it is of another run than what comes.
 *
 * @throws Error when the file cannot be written
 */
export function clearCaptures(path: string, ports: number): void {
  clearCaptureFile(path);
  const name = basename(path);
  for (const part of readdirSync(dirname(path)))
    if (part.startsWith(name) && PORT_ENDING.test(part.slice(name.length))) rmSync(join(dirname(path), part));
  if (ports > 1) for (let pon = 0; pon < ports; pon++) clearCaptureFile(capturePathOf(path, ports, pon));
}

/** pcapng sections behind one another are a pcapng file; each frame says by its addresses of which port it is. */
export function joinCaptures(path: string, ports: number): void {
  if (ports === 1) return;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let pon = 0; pon < ports; pon++) {
    const part = capturePathOf(path, ports, pon);
    if (!existsSync(part)) continue;
    const file = openSync(part, "r");
    try {
      for (let read = 1; read > 0;) {
        read = readSync(file, chunk);
        appendFileSync(path, chunk.subarray(0, read));
      }
    } finally {
      closeSync(file);
    }
    rmSync(part);
  }
}
