/** A whole update by a delta, over whatever storage: each operation of the flash is handed on, and may end in a power cut. */
import { type BootRecord, type FlashFinding, type FlashOperation, STAGING } from "../../ont/index.ts";
import { announceDelta, deltaBundle, deltaOnt, newImage } from "./delta-bundles.ts";
import { newFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { held } from "./places.ts";

const WINDOW_SECTIONS = 16;
const SECTION_BYTES = 1965;

/** Answers 0 that the OLT has had. */
export type Answered = "stored" | "activated" | "committed";

/** The ONT runs from slot 0: nothing may be erased, written, rebuilt or migrated there. */
function guardRunning(operation: FlashOperation): void {
  const { kind } = operation;
  const writes = ["eraseSlot", "writeSlot", "rebuildBlock", "keepBlocks", "migrateConfig"].includes(kind);
  if (writes && "slot" in operation && operation.slot === 0) throw new Error(`${kind} in the slot that runs`);
  if (kind === "writeSlot" && operation.slot !== STAGING) throw new Error("a section of a delta in a slot");
}

/**
 * As an OLT does it: what is held is not sent again, what is stored not either. All in one life of the ONT.
 *
 * @param carryOut may throw where the power goes
 * @param answered takes what was answered 0 by then
 */
export function updateByDelta(
  record: BootRecord,
  carryOut: (operation: FlashOperation) => FlashFinding | undefined,
  answered: Set<Answered>,
): void {
  const bench = BenchOnt.up(deltaOnt(), newFlash(structuredClone(record)), "extended");
  bench.instantFlash = false;
  const drain = (): void => {
    for (let operation = bench.waiting.shift(); operation !== undefined; operation = bench.waiting.shift()) {
      guardRunning(operation);
      bench.ont.handleFlashDone(bench.nowNs, operation.id, carryOut(operation));
      bench.settle();
    }
  };
  const done = (name: Answered, type: string): void => {
    drain();
    const answer = bench.sent.findLast((message) => message.type === type);
    if (answer === undefined || !("result" in answer) || answer.result !== 0)
      throw new Error(`${name}: ${JSON.stringify(answer)}, ${bench.ont.snapshot().cause}`);
    answered.add(name);
  };
  if (record.slots[1]?.sha256 !== newImage.sha256) {
    announceDelta(bench);
    if (bench.start(deltaBundle.length, { windowSections: WINDOW_SECTIONS }) !== 0) throw new Error("Start refused");
    drain();
    const [first] = held(bench);
    if (first?.[0] !== 0 || first[1] !== deltaBundle.length) sendAll(bench, drain);
    bench.end(deltaBundle);
    done("stored", "endDownloadResponse");
  } else answered.add("stored");
  if (record.committed === 1) return void answered.add("activated").add("committed");
  bench.activate(1);
  done("activated", "activateImageResponse");
  for (let steps = 0; steps < 20 && bench.ont.nextTimeoutNs() < Infinity; steps++) {
    bench.advanceTo(bench.ont.nextTimeoutNs());
    drain();
  }
  bench.runUntilOnline();
  drain();
  bench.commit(1);
  done("committed", "commitImageResponse");
}

function sendAll(bench: BenchOnt, drain: () => void): void {
  const total = Math.ceil(deltaBundle.length / SECTION_BYTES);
  for (let firstSection = 0; firstSection < total; firstSection += WINDOW_SECTIONS) {
    const sections = Math.min(WINDOW_SECTIONS, total - firstSection);
    const window = { base: 0x6500 + firstSection, firstSection, sections, sectionBytes: SECTION_BYTES };
    if (bench.windowResult(deltaBundle, window) !== 0) throw new Error(`window refused: ${bench.ont.snapshot().cause}`);
    drain();
  }
}
