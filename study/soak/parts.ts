/** The parts of `npm run soak`, in the order in which they run. */
import { clockPart } from "./clock.ts";
import { filesPart } from "./files.ts";
import { framesPart, seedsPart } from "./fuzzed.ts";
import { killsPart } from "./kills.ts";
import { longPart } from "./long.ts";
import { runsPart } from "./runs.ts";
import { stopPart } from "./stop.ts";
import type { Part } from "./types.ts";

export const parts: readonly Part[] = [
  longPart,
  runsPart,
  framesPart,
  seedsPart,
  killsPart,
  stopPart,
  clockPart,
  filesPart,
];
