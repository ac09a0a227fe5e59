/** A run in several parts, put together: the same records and the same result as of one. */
import type { JournalRecord } from "../../journal/index.ts";
import type { OntFinal } from "../../result/index.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import { hasCampaign } from "../../campaign/plan.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import { mergedTotals } from "../../result/port-totals.ts";
import type { SimulationEnd } from "../world.ts";
import { compareDescents, type Descent, inOrder } from "./order.ts";
import type { PartEnd, PartRecords, PortsOutcome } from "./part.ts";

/** A part, wherever it runs. */
export interface RemotePart {
  run: () => Promise<PartEnd>;
  runOn: (last: Descent | undefined) => Promise<{ nowNs: number; isStuck: boolean }>;
  end: (endNs: number, end: SimulationEnd) => Promise<PortsOutcome>;
}

export interface WholeRun {
  end: SimulationEnd;
  nowNs: number;
  totals: OltTotals;
  onts: OntFinal[];
  steps: number;
}

/** Why the ports of a scenario have to run in one thread, a clause; undefined: they need not. */
export function boundTogether(scenario: Scenario): string | undefined {
  const { pons, pon, faults } = scenario;
  if (pons === 1) return "there is one port";
  if (scenario.road !== "omci") return `with road ${scenario.road} there is one server for all`;
  if (hasCampaign(scenario)) return "a campaign looks at all ports at once";
  if (pon.headendBitsPerSecond !== undefined) return "the ports share a feed (pon.headendBitsPerSecond)";
  if (faults.length > 0) return "faults may follow from what other ports do";
  return undefined;
}

/** Ports of each of so many parts, in turn: neighbours are often alike. */
export const shares = (pons: number, parts: number): number[][] =>
  Array.from({ length: parts }, (_, part) =>
    Array.from({ length: pons }, (_port, port) => port).filter((port) => port % parts === part),
  );

/** What a part leaves, with the records that it handed on before. */
export function withEarlier(earlier: readonly PartRecords[], outcome: PortsOutcome): PortsOutcome {
  const all = [...earlier, outcome];
  const [records, recordedIn] = [all.flatMap((one) => one.records), all.flatMap((one) => one.recordedIn)];
  return { ...outcome, records, recordedIn };
}

/** @param write called for each record of the journal, in order */
export async function runWhole(
  parts: readonly RemotePart[],
  write: (record: JournalRecord) => void,
): Promise<WholeRun> {
  const ends = await Promise.all(parts.map((part) => part.run()));
  const isInterrupted = ends.some(({ end }) => end === "running");
  const isDone = ends.every(({ end }) => end === "finished");
  // Until the last one is done, the others go on.
  const last = isDone ? ends.map((one) => one.last).reduce((a, b) => (compareDescents(a, b) < 0 ? b : a)) : undefined;
  const stopped = await Promise.all(parts.map((part) => part.runOn(last)));
  const nowNs = Math.max(...stopped.map((one) => one.nowNs));
  const whyNot = isInterrupted ? "running" : stopped.every(({ isStuck }) => isStuck) ? "stuck" : "timeLimit";
  const end = isDone ? "finished" : whyNot;
  const outcomes = await Promise.all(parts.map((part) => part.end(nowNs, end)));
  const written = outcomes.map(() => 0);
  inOrder(
    outcomes.map(({ lineage }) => lineage),
    (part, event) => {
      const { records, recordedIn } = outcomes[part];
      while (recordedIn[written[part]] <= event) write(records[written[part]++]);
    },
  );
  const byPort = <Of extends { port: number }>(of: (outcome: PortsOutcome) => Of[]): Of[] =>
    outcomes.flatMap(of).toSorted((a, b) => a.port - b.port);
  for (const { records } of byPort(({ lastRecords }) => lastRecords)) for (const record of records) write(record);
  return {
    end,
    nowNs,
    totals: mergedTotals(byPort(({ totals }) => totals).map(({ totals }) => totals)),
    onts: outcomes.flatMap(({ onts }) => onts).toSorted((a, b) => a.id - b.id),
    steps: outcomes.reduce((sum, { steps }) => sum + steps, 0),
  };
}
