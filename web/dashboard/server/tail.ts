/** A file that grows, as its bytes come. */
import { open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const CHUNK_BYTES = 256 * 1024;
/** At its end it is looked at again so much later. */
const AGAIN_MS = 200;

/**
 * Ends when the signal says so, and the end of the file was read then.
 *
 * @param atEnd called whenever all that is there was taken
 */
export async function* tailOf(path: string, signal: AbortSignal, atEnd: () => void): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  try {
    for (;;) {
      const isLast = signal.aborted;
      const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      if (bytesRead > 0) continue;
      atEnd();
      if (isLast) return;
      // Waits no longer than until it is told to end.
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await file.close();
  }
}
