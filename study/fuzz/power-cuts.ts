/** Updates in which the power goes at every single flash operation in turn: nothing is left to chance here. */
import type { BootRecord, FlashOperation } from "../../ont/core/types.ts";
import { type CheckedSimulation, checkedSimulation } from "../rules/index.ts";
import { type FactoryImage, prepareImages } from "../../run/index.ts";
import { resultOf, type CutPoint, type PowerCut, type VirtualOnt } from "../../run/virtual/index.ts";
import { parseScenario, type Scenario } from "../../scenarios/index.ts";
import { bootFromFlash } from "./seed-run.ts";

export type OperationKind = FlashOperation["kind"];

/** One update of one ONT whose power is cut at each of its flash operations in turn. */
export interface CutUpdate {
  name: string;
  mode: "multicast" | "unicast";
  /** What is in the slot that takes the image. */
  target: "empty" | "older image";
}

export const cutUpdates: readonly CutUpdate[] = [
  { name: "multicast into an empty slot", mode: "multicast", target: "empty" },
  { name: "multicast over an older image", mode: "multicast", target: "older image" },
  { name: "unicast into an empty slot", mode: "unicast", target: "empty" },
  { name: "unicast over an older image", mode: "unicast", target: "older image" },
];

export const cutPoints: readonly CutPoint[] = ["before", "torn", "after"];

/** What became of one power cut. */
export interface CutResult {
  update: CutUpdate;
  kind: OperationKind;
  /** Number of the operation within the update, from 0. */
  operation: number;
  point: CutPoint;
  /** One line; undefined: the ONT recovered, and ended with the new image committed. */
  problem: string | undefined;
}

const OFF_NS = 200e6;

const scenarioOf = ({ mode }: CutUpdate): Scenario => {
  const olt = { mode, windowSections: 6, sectionBytes: 500, soakMs: 100, answerTimeoutMs: 300 };
  return parseScenario(JSON.stringify({ name: "power-cuts", onts: 1, image: { bytes: 30_000 }, olt }), "power cuts");
};

/** Puts a valid older image into the ONT's free slot, as an earlier update would have left it. */
function putOlderImage(ont: VirtualOnt, older: FactoryImage): void {
  const record = ont.flash.readRecord();
  const { bytes, image } = ont.factory;
  const slots: BootRecord["slots"] = record.committed === 0 ? [image, older.image] : [older.image, image];
  const contents = record.committed === 0 ? ([bytes, older.bytes] as const) : ([older.bytes, bytes] as const);
  ont.flash.install({ ...record, sequence: record.sequence + 1, slots }, contents);
}

function prepare(
  update: CutUpdate,
  powerCuts: readonly PowerCut[],
  onKind: (kind: OperationKind) => void,
): CheckedSimulation {
  const scenario = scenarioOf(update);
  const images = prepareImages(scenario);
  const { productCode, hardware } = scenario.ont;
  const older = images.factory("PONCAST-0.9.0", productCode, hardware);
  const checked = checkedSimulation(scenario, images, {
    powerCuts,
    otherImages: [older],
    observers: [{ flash: (_nowNs, _ont, job) => onKind(job.kind) }],
  });
  if (update.target === "older image") putOlderImage(checked.simulation.onts[0], older);
  return checked;
}

function problemOf(checked: CheckedSimulation): string | undefined {
  const { simulation } = checked;
  try {
    simulation.run();
    checked.finish();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.split("\n")[0];
  }
  const [{ outcome, cause }] = resultOf(simulation).ontResults;
  if (outcome !== "committed") return `${outcome}: ${cause}`;
  const [ont] = simulation.onts;
  const { committed } = ont.flash.readRecord();
  return bootFromFlash(ont) === committed ? undefined : "does not boot the image it has committed";
}

/** The flash operations of an update that nothing goes wrong in. @throws Error when it fails all the same */
export function operationsOf(update: CutUpdate): OperationKind[] {
  const kinds: OperationKind[] = [];
  const problem = problemOf(prepare(update, [], (kind) => kinds.push(kind)));
  if (problem !== undefined) throw new Error(`${update.name}, without any power cut: ${problem}`);
  return kinds;
}

/** Cuts the power once in each run: at every operation, before it, in the middle of it, and after it. */
export function* cutEverywhere(update: CutUpdate): Generator<CutResult> {
  for (const [operation, kind] of operationsOf(update).entries()) {
    for (const point of cutPoints) {
      const cut: PowerCut = { ont: 0, operation, point, offNs: OFF_NS };
      const checked = prepare(update, [cut], () => undefined);
      const { simulation } = checked;
      const problem = problemOf(checked);
      const cuts = simulation.onts[0].life - 1;
      const unseen = cuts === 1 ? undefined : `${cuts} power cuts took place, not one`;
      yield { update, kind, operation, point, problem: problem ?? unseen };
    }
  }
}

/** A row for each kind of operation: how many there are, and how many of the cuts at them were recovered from. */
export function cutTable(results: readonly CutResult[]): string {
  const kinds = [...new Set(results.map(({ kind }) => kind))].toSorted();
  const cells = (of: readonly CutResult[]): string[] => [
    `${of.length / cutPoints.length}`,
    ...[...cutPoints.map((point) => of.filter((result) => result.point === point)), of].map(
      (tried) => `${tried.filter(({ problem }) => problem === undefined).length}/${tried.length}`,
    ),
  ];
  const rows = [
    ["operation", "operations", "before", "in the middle", "after", "recovered"],
    ...kinds.map((kind) => [kind, ...cells(results.filter((result) => result.kind === kind))]),
    ["all", ...cells(results)],
  ];
  return rows.map(([name, ...rest]) => name.padEnd(18) + rest.map((cell) => cell.padStart(14)).join("")).join("\n");
}

/** One line: where the power went, and what came of it. */
export const cutProblemLine = ({ update, kind, operation, point, problem }: CutResult): string =>
  `${update.name}: power cut ${point === "torn" ? "in the middle of" : point} operation ${operation} (${kind}): ${problem}; ` +
  `replay: npm run fuzz -- --power-cuts`;
