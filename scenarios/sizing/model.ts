import { anyOf, binomial, either, meanOfLargest, series } from "./chance.ts";
import type { SizingInput } from "./input.ts";
import { parityCost, type WindowCost } from "./parity.ts";

/** The OLT's settings that the model shares with it (olt/core/parity-feed.ts). */
const CODE_POINTS = 256;
const PARITY_ROWS_MAX = 64;
const ROWS_RESERVED = 16;
/** An End waits so long in the ONT for the storing job before it is answered "device busy" (ont/core/store.ts). */
const END_HOLD_SECONDS = 0.25;
/** Answer to a section with header, trailer and GEM header. */
const ANSWER_BYTES = { baseline: 53, extended: 31 } as const;
/** Start, End and what comes before and after, per ONT: about so many answers of their own. */
const CONTROL_ANSWERS = 5;
const ROUNDS_MAX = 1000;

/** What the model says of a download; of one port, except `total`. */
export interface Sizing {
  /** Sections sent, parity and repairs included. */
  sections: number;
  imageCopies: number;
  windows: number;
  /** Repair rounds of all windows. */
  rounds: number;
  downstreamBytes: number;
  upstreamBytes: number;
  /** Most answers that come upstream in one burst. */
  answerBurst: number;
  seconds: number;
  /** Share of the line while the download lasts. */
  lineShare: number;
  total: { onts: number; downstreamBytes: number; bitsPerSecond: number };
}

/** Windows of one size, and what repairing one of them costs. */
interface WindowKind {
  count: number;
  sections: number;
  cost: WindowCost;
}

/** Expected cost of a download, from sums over chances alone; see docs/sizing.md. */
export function sizeOf(input: SizingInput): Sizing {
  const plan = windowsOf(input);
  const copies = input.mode === "unicast" ? input.onts : 1;
  const sent = sectionsOf(plan) * copies;
  const windows = plan.reduce((sum, { count }) => sum + count, 0);
  const rounds = plan.reduce((sum, { count, cost }) => sum + count * cost.rounds, 0);
  const seconds = secondsOf(input, plan);
  const downstreamBytes = sent * input.sectionFrameBytes;
  return {
    sections: sent,
    imageCopies: sent / input.sections,
    windows: windows * copies,
    rounds: rounds * copies,
    downstreamBytes,
    upstreamBytes: (windows + rounds + CONTROL_ANSWERS) * input.onts * ANSWER_BYTES[input.messageSet],
    answerBurst: input.mode === "unicast" ? Math.min(input.concurrency, input.onts) : input.onts,
    seconds,
    lineShare: downstreamBytes / seconds / input.lineBytesPerSecond,
    total: {
      onts: input.onts * input.pons,
      downstreamBytes: downstreamBytes * input.pons,
      bitsPerSecond: (downstreamBytes * input.pons * 8) / seconds,
    },
  };
}

const sectionsOf = (plan: readonly WindowKind[]): number =>
  plan.reduce((sum, { count, sections, cost }) => sum + count * (sections + cost.sections), 0);

function windowsOf(input: SizingInput): WindowKind[] {
  const { sections: total, windowSections: granted, onts, lossDown } = input;
  const silent = either(lossDown, input.lossUp);
  if (input.mode === "unicast") return split(total, granted, (sections) => unicastCost(sections, lossDown, silent));
  switch (input.recovery) {
    case "parity":
      return parityWindows(input, silent);
    case "selective":
      return split(total, granted, (sections) => selectiveCost(sections, onts, lossDown));
    case "window":
      return split(total, granted, (sections) => wholeCost(sections, input));
    case "unicast":
      return split(total, granted, (sections) => aloneCost(sections, onts, lossDown, silent));
  }
}

/** Full windows and the rest. */
function split(total: number, size: number, costOf: (sections: number) => WindowCost): WindowKind[] {
  const full = Math.floor(total / size);
  const rest = total - full * size;
  return [
    ...(full > 0 ? [{ count: full, sections: size, cost: costOf(size) }] : []),
    ...(rest > 0 ? [{ count: 1, sections: rest, cost: costOf(rest) }] : []),
  ];
}

/** The first window is shorter and goes without parity, since nothing is known of the losses; then as the OLT learns. */
function parityWindows(input: SizingInput, silent: number): WindowKind[] {
  const { onts, lossDown, proactive, windowSections: granted, sections: total } = input;
  const worst = meanOfLargest(binomial(granted, lossDown), onts);
  const reserve = Math.min(PARITY_ROWS_MAX, Math.max(ROWS_RESERVED, Math.ceil(1.6 * worst) + 4));
  const size = Math.max(1, Math.min(granted, CODE_POINTS - reserve));
  const costOf = (sections: number, learned: boolean): WindowCost => {
    const auto = learned ? Math.round((worst * sections) / granted) : 0;
    const rows = Math.min(proactive === "auto" ? auto : proactive, CODE_POINTS - sections, PARITY_ROWS_MAX);
    return parityCost(sections, rows, onts, lossDown, silent);
  };
  const first = Math.min(granted, CODE_POINTS - PARITY_ROWS_MAX, total);
  return [
    { count: 1, sections: first, cost: costOf(first, false) },
    ...split(total - first, size, (sections) => costOf(sections, true)),
  ];
}

/** Union of what is missing, with the window's last section in each round. */
function selectiveCost(sections: number, onts: number, loss: number): WindowCost {
  const again = (j: number): number => anyOf(onts, loss ** (j + 1));
  const rounds = series((j) => anyOf(onts * sections, loss ** (j + 1)));
  return { sections: series((j) => sections * again(j)) + rounds - series(again), rounds };
}

/** The whole window as long as anybody lacks anything; who lacks something for too long goes on alone. */
function wholeCost(sections: number, input: SizingInput): WindowCost {
  const { onts, lossDown: loss, lossUp, patience } = input;
  const rounds = series((j) => (j < patience ? anyOf(onts * sections, loss ** (j + 1)) : 0));
  const leaving = onts * anyOf(sections, loss ** (patience + 1));
  const alone = 1 + unicastCost(sections, loss, either(loss, lossUp)).sections / sections;
  return { sections: sections * rounds + (leaving * alone * input.sections) / 2, rounds };
}

/** The whole window to each that lacks something; silent ones are asked by its last section. */
function aloneCost(sections: number, onts: number, loss: number, silent: number): WindowCost {
  const each = series((j) => anyOf(sections, loss ** (j + 1)));
  const rounds = series((j) => anyOf(onts * sections, loss ** (j + 1)));
  return { sections: onts * (each * sections + silent), rounds };
}

/** G.988 alone: a refused window again, and a window whose answer got lost. */
function unicastCost(sections: number, loss: number, silent: number): WindowCost {
  // All but the acknowledged section may come in any round; that one and its answer in the round that ends the window.
  let open = 0;
  let before = 0;
  let waiting = 0;
  for (let round = 1; round < ROUNDS_MAX; round++) {
    const complete = (1 - loss ** round) ** (sections - 1);
    waiting = (waiting + complete - before) * silent;
    before = complete;
    const notDone = 1 - complete + waiting;
    open += notDone;
    if (notDone < 1e-9) break;
  }
  return { sections: sections * open, rounds: open };
}

/** From the first Start to the last good End. */
function secondsOf(input: SizingInput, plan: readonly WindowKind[]): number {
  const { onts, grantCycleSeconds, propagationSeconds, answerTimeoutMinSeconds } = input;
  const silent = either(input.lossDown, input.lossUp);
  const isUnicast = input.mode === "unicast";
  const together = isUnicast ? 1 : onts;
  const sectionSeconds = input.sectionFrameBytes / input.rateBytesPerSecond;
  // All answer in the next cycle; the last of many near its end.
  const answerSeconds = 2 * propagationSeconds + grantCycleSeconds * (0.5 + together / (together + 1) / 2);
  const silenceSeconds = isUnicast ? input.answerTimeoutSeconds / 4 : answerTimeoutMinSeconds;
  const roundSeconds = answerSeconds + anyOf(together, silent) * silenceSeconds;
  const rounds = plan.reduce((sum, { count, cost }) => sum + count * (1 + cost.rounds), 0);
  const startSeconds = answerSeconds + anyOf(together, silent) * answerTimeoutMinSeconds;
  const oneSeconds = storedSeconds(
    input,
    startSeconds + sectionsOf(plan) * sectionSeconds + rounds * roundSeconds,
    silent,
  );
  if (!isUnicast) return oneSeconds;
  // Those who download at the same time share the line.
  return Math.max(Math.ceil(onts / input.concurrency) * oneSeconds, onts * sectionsOf(plan) * sectionSeconds);
}

/** When the last good End is answered: flash is slower than the line on many ONTs, and a busy ONT is asked again. */
function storedSeconds(input: SizingInput, downloadedSeconds: number, silent: number): number {
  const { eraseSeconds, writeBytesPerSecond, verifyBytesPerSecond } = input.flash;
  const writtenSeconds = eraseSeconds + input.imageBytes / writeBytesPerSecond;
  const stored = Math.max(downloadedSeconds, writtenSeconds) + input.imageBytes / verifyBytesPerSecond;
  const together = input.mode === "unicast" ? 1 : input.onts;
  let askedSeconds = downloadedSeconds + anyOf(together, silent) * input.answerTimeoutMinSeconds;
  while (stored > askedSeconds + END_HOLD_SECONDS) askedSeconds += END_HOLD_SECONDS + input.busyPollSeconds;
  return Math.max(stored, askedSeconds) + input.grantCycleSeconds + 2 * input.propagationSeconds;
}
