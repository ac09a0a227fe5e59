/** Files that are packed with gzip, unpacked as they are read. */
import { once } from "node:events";
import { createGunzip } from "node:zlib";
import { isGzip } from "../decode/index.ts";

/** Two bytes tell. */
const MAGIC_BYTES = 2;

/** @param onFault told why what is packed ends early; what was unpacked until then comes all the same */
export async function* unpackedPieces(
  pieces: AsyncIterable<Uint8Array>,
  onFault: (fault: string) => void,
): AsyncGenerator<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < MAGIC_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    start = start.length === 0 ? next.value : Buffer.concat([start, next.value]);
  }
  const all = chained(start, iterator);
  if (isGzip(start)) yield* gunzipped(all, onFault);
  else yield* all;
}

async function* chained(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* gunzipped(
  pieces: AsyncIterable<Uint8Array>,
  onFault: (fault: string) => void,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const feeding = feed();
  try {
    for await (const piece of gunzip) yield piece as Uint8Array;
  } catch (error) {
    onFault(`gzip: ${(error as Error).message}`);
  }
  await feeding;

  async function feed(): Promise<void> {
    for await (const piece of pieces) {
      if (gunzip.destroyed) return;
      if (!gunzip.write(piece))
        await Promise.race([once(gunzip, "drain"), once(gunzip, "close")]).catch(() => undefined);
    }
    if (!gunzip.destroyed) gunzip.end();
  }
}
