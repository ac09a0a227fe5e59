/**
 * A process of its own that checks frames as an ONT process does: each once, from a burst that came in, nothing warm.
 * Arguments: bytes of a frame, number of frames. Prints the processor time of the checks alone, compilation
 * included, in microseconds.
 */
import { crc32Trailer } from "../../omci/index.ts";

const [frameBytes, frames] = process.argv.slice(2).map(Number);
const perBurst = Math.floor(60_000 / frameBytes);
const burst = Buffer.alloc(perBurst * frameBytes);

// All zero but for trailers written by hand: sealing with our own code would warm it up.
const trailer = Buffer.from(process.env.TRAILER ?? "", "hex");
for (let frame = 1; frame <= perBurst; frame++) burst.set(trailer, frame * frameBytes - 4);

const before = process.cpuUsage();
let held = 0;
for (let frame = 0; frame < frames; frame++) {
  const start = (frame % perBurst) * frameBytes;
  if (crc32Trailer.check(burst, start, start + frameBytes)) held++;
}
const { user, system } = process.cpuUsage(before);
if (held !== frames) throw new Error(`${held} of ${frames} trailers hold`);
process.stdout.write(String(user + system));
