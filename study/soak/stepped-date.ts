/**
 * A wall clock that is set three days forth and back while a process lives: loaded in front of the programs of a run
 * (`--require`), it takes the place of `Date`. Says at the end how often it was set, and how often it was asked.
 */
import { appendFileSync } from "node:fs";
import { basename } from "node:path";

const STEP_MS = 3 * 24 * 3600 * 1000;
/** From one step to the next. */
const EVERY_MS = 250;
/** Where it goes from one step to the next, in steps. */
const WAYS: Readonly<Record<string, readonly number[]>> = {
  forth: [0, 1],
  back: [0, -1],
  both: [0, 1, -1],
};

const { PONCAST_SOAK_WAY = "both", PONCAST_SOAK_LOG = "" } = process.env;
const way = WAYS[PONCAST_SOAK_WAY] ?? WAYS.both;
const RealDate = Date;
let steps = 0;
let asked = 0;

class SteppedDate extends RealDate {
  constructor(...given: ConstructorParameters<DateConstructor> | []) {
    if (given.length === 0) super(SteppedDate.now());
    else super(...given);
  }

  static override now(): number {
    asked++;
    return RealDate.now() + way[steps % way.length] * STEP_MS;
  }
}

globalThis.Date = SteppedDate as DateConstructor;
setInterval(() => steps++, EVERY_MS).unref();
process.on("exit", () => {
  if (PONCAST_SOAK_LOG !== "") appendFileSync(PONCAST_SOAK_LOG, `${basename(process.argv[1])} ${steps} ${asked}\n`);
});
