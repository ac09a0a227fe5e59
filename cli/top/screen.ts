/** A run as its page has it, as the terminal shows it. */
import { type ShownRun, stateOf } from "../../web/dashboard/index.ts";
import type { LateOnt } from "../../web/dashboard/types.ts";
import { baselineText } from "../../run/result/index.ts";
import type { Mode, Recovery } from "../../olt/core/types.ts";
import type { OntRow, RunScreen } from "../view/index.ts";

const SHARE_WHOLE = 100;

export function screenOf(shown: ShownRun): RunScreen {
  const { facts, head } = shown;
  const late = new Map(shown.stragglers.map((each) => [each.ont, each]));
  const started = facts.onts - shown.counts[0];
  const messages = baselineText(shown.inBaseline.size);
  return {
    name: facts.name,
    mode: facts.mode satisfies Mode,
    recovery: facts.recovery as Recovery,
    catchesUp: facts.catchesUp,
    seed: facts.seed,
    clock: facts.clock,
    imageBytes: head.bytesToSend,
    imageVersion: facts.imageVersion,
    ...(facts.pons > 1 && { ontsPerPort: facts.onts / facts.pons }),
    ...(messages !== undefined && { messages }),
    stage: head.stage,
    stopReason: head.stopReason,
    elapsedMs: head.elapsedMs,
    ontsStarted: started,
    bytesDone: head.bytesDone,
    bytesPerSecond: head.bytesPerSecond,
    etaMs: head.etaMs,
    downstreamBitsPerSecond: head.downstreamBitsPerSecond,
    sections: head.sections,
    repairSections: head.repairSections,
    imageCopies: head.copies,
    onts: shown.serials.map((serial, ont) => rowOf(shown, ont, serial, late.get(ont))),
    note: head.lost || head.note,
  };
}

const rowOf = (shown: ShownRun, id: number, serial: string, late: LateOnt | undefined): OntRow => ({
  id,
  serial,
  state: stateOf(shown, id),
  cause: shown.causes.get(id) ?? "",
  bytesDone: Math.round((shown.shares[id] * shown.head.bytesToSend) / SHARE_WHOLE),
  windowsRepaired: 0,
  sectionsLost: 0,
  leftGroup: late?.reason === "leftGroup",
  served: late?.text ?? "",
});
