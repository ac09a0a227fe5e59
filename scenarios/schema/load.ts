/**
 * From the text of a scenario file to a checked scenario, with every error told by file, line and field, or by the
 * option that set it.
 */
import { type Impairment, impairmentFault } from "./impairments.ts";
import { type CampaignFields, type Scenario, scenarioSchema } from "./scenario.ts";
import { LINE_BITS_PER_SECOND, LIMITS } from "./limits.ts";
import { readQuantity } from "../../base/quantities/index.ts";
import { decodeFields, type Path, readText, ScenarioError, YamlFile } from "./yaml-file.ts";

export { type Path, ScenarioError };

/** A field set from outside the file: by an option of the command line. */
export interface Override {
  /** Dotted path, e.g. `olt.windowSections`. */
  path: string;
  /** Or a function that makes it of what the file has there. */
  value: unknown;
  /** How the user knows it, e.g. `--window`. */
  option: string;
}

/** What a scenario is read for: a run has to hold the image in memory, the sizing model has not. */
export type Purpose = "run" | "model";

/**
 * Reads a scenario file and applies overrides.
 *
 * @throws ScenarioError; nothing has been touched then
 */
export function loadScenario(file: string, overrides: readonly Override[] = [], purpose: Purpose = "run"): Scenario {
  return parseScenario(readText(file), file, overrides, purpose);
}

/** Where a scenario of a road beside OMCI says nothing of it. */
const ONTS_PER_AGENT_PROCESS = 16;

const KIND = 'a scenario is a list of fields, such as "onts: 32"';

/** What a scenario file says itself, and where: without defaults, not checked. @throws ScenarioError */
export const readScenarioFile = (file: string): YamlFile => new YamlFile(readText(file), file, KIND);

/** A scenario from a text; `file` is what the error lines call it. @throws ScenarioError */
export function parseScenario(
  content: string,
  file: string,
  overrides: readonly Override[] = [],
  purpose: Purpose = "run",
): Scenario {
  const yaml = new YamlFile(content, file, KIND);
  for (const { path, value } of overrides) setPath(yaml.input, path.split("."), value);
  resolveShareOfLine(yaml.input);
  // An agent is more to start than an ONT alone.
  if (BESIDE.has(yaml.input.road)) yaml.input.ontsPerProcess ??= ONTS_PER_AGENT_PROCESS;
  // A field that was set from outside is known by its option: `--option: `.
  const place = (path: Path): string => {
    const dotted = path.join(".");
    // Of what an option adds to, the rest is the file's.
    const override = overrides.findLast(
      ({ path: set, value }) => dotted === set || (typeof value !== "function" && dotted.startsWith(`${set}.`)),
    );
    return override ? `${override.option}: ` : yaml.place(path);
  };
  const scenario = decodeFields(scenarioSchema, yaml.input, place);
  const conflicts = conflictsOf(scenario);
  if (purpose === "run" && scenario.image.bytes > LIMITS.runImageBytes)
    conflicts.push({
      path: ["image", "bytes"],
      text: `${scenario.image.bytes} is too much for a run; at most ${LIMITS.runImageBytes}; \`poncast size\` has no images and takes more`,
    });
  if (conflicts.length > 0) throw new ScenarioError(conflicts.map(({ path, text }) => `${place(path)}${text}`));
  return scenario;
}

function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [step, ...rest] = path;
  if (rest.length === 0) {
    target[step] = typeof value === "function" ? (value(target[step]) as unknown) : structuredClone(value);
    return;
  }
  const inner = target[step];
  if (typeof inner !== "object" || inner === null) target[step] = {};
  setPath(target[step] as Record<string, unknown>, rest, value);
}

/** A budget that is a percentage becomes a rate: of the line that the scenario has. What is neither is the schema's to refuse. */
function resolveShareOfLine({ pon, olt }: Record<string, unknown>): void {
  const budget = olt as Record<string, unknown> | null | undefined;
  const written = typeof budget === "object" ? budget?.rateBytesPerSecond : undefined;
  const share = typeof written === "string" ? readQuantity(written, "share") : undefined;
  const profile = (pon as { profile?: unknown } | null | undefined)?.profile ?? "gpon";
  const lineBits = typeof profile === "string" ? LINE_BITS_PER_SECOND[profile] : undefined;
  if (budget && share !== undefined && share <= 1 && lineBits !== undefined)
    budget.rateBytesPerSecond = (share * lineBits) / 8;
}

/** What no single field can tell. */
function conflictsOf(scenario: Scenario): { path: Path; text: string }[] {
  const conflicts: { path: Path; text: string }[] = [];
  const counted = scenario.fleet.reduce((sum, group) => sum + (group.count ?? 0), 0);
  if (counted > scenario.onts) {
    conflicts.push({
      path: ["fleet"],
      text: `the groups count ${counted} ONTs, but there are ${scenario.onts} (onts)`,
    });
  }
  scenario.fleet.forEach((group, index) => {
    if (group.count !== undefined && group.share !== undefined) {
      conflicts.push({ path: ["fleet", index], text: "count and share exclude each other" });
    }
  });
  scenario.faults.forEach((fault, index) => {
    const times = [fault.atSeconds, fault.whenPhase, fault.everySeconds].filter((time) => time !== undefined);
    if (times.length !== 1) {
      conflicts.push({
        path: ["faults", index],
        text: "exactly one of atSeconds, whenPhase and everySeconds is needed",
      });
    }
    if (fault.everySeconds !== undefined && fault.action !== "powerCycle")
      conflicts.push({ path: ["faults", index], text: "everySeconds is for powerCycle" });
    const beyond = fault.onts.find((ont) => ont >= scenario.onts * scenario.pons);
    if (beyond !== undefined) {
      conflicts.push({
        path: ["faults", index, "onts"],
        text: `there is no ONT ${beyond}; the last is ${scenario.onts * scenario.pons - 1}`,
      });
    }
  });
  const checkImpairments = (impairments: readonly Impairment[], path: Path): void =>
    impairments.forEach((impairment, index) => {
      const text = impairmentFault(impairment, path.length === 1);
      if (text !== "") conflicts.push({ path: [...path, index], text });
    });
  checkImpairments(scenario.impairments, ["impairments"]);
  scenario.fleet.forEach((group, index) => checkImpairments(group.impairments, ["fleet", index, "impairments"]));
  if (scenario.road !== "omci") conflicts.push(...pullConflicts(scenario, ROADS[scenario.road]));
  if (scenario.road === "file") conflicts.push(...alone(scenario));
  if (scenario.campaign !== undefined) conflicts.push(...campaignConflicts(scenario, scenario.campaign));
  const { least, most } = scenario.pon.distanceKm;
  if (least > most)
    conflicts.push({
      path: ["pon", "distanceKm"],
      text: `least (${least}) is more than most (${most})`,
    });
  return conflicts;
}

/** Who brings sticks takes part in no campaign. */
function alone({ campaign, fleet }: Scenario): { path: Path; text: string }[] {
  const conflicts: { path: Path; text: string }[] = [];
  if (campaign !== undefined) conflicts.push({ path: ["campaign"], text: "is for the roads omci, https and cwmp" });
  fleet.forEach(({ road }, index) => {
    if (road !== undefined)
      conflicts.push({ path: ["fleet", index, "road"], text: "beside road: file all have this one" });
  });
  return conflicts;
}

/** A campaign is about updates that end in Commit. */
function campaignConflicts({ olt, fleet }: Scenario, { roads }: CampaignFields): { path: Path; text: string }[] {
  const conflicts: { path: Path; text: string }[] = [];
  for (const step of ["activate", "commit"] as const)
    if (!olt[step]) conflicts.push({ path: ["olt", step], text: "false is for runs without a campaign" });
  const named = roads.map(({ road }) => road);
  if (named.length === 0) conflicts.push({ path: ["campaign", "roads"], text: "a campaign has one road at least" });
  if (new Set(named).size < named.length)
    conflicts.push({ path: ["campaign", "roads"], text: "each road stands here once" });
  fleet.forEach(({ road }, index) => {
    if (road !== undefined && !named.includes(road))
      conflicts.push({
        path: ["fleet", index, "road"],
        text: `${road} is none of the campaign's roads (${named.join(", ")})`,
      });
  });
  return conflicts;
}

/** What the roads beside OMCI are called, and which faults they have. */
const ROADS = {
  https: {
    over: "over https",
    faults: ["powerCycle", "killOlt", "pause", "abort", "skip"],
    has: "there are powerCycle, killOlt (the depot), pause, abort and skip",
  },
  cwmp: {
    over: "over cwmp",
    faults: ["powerCycle", "killOlt", "pause", "abort", "skip"],
    has: "there are powerCycle, killOlt (the ACS), pause, abort and skip",
  },
  file: { over: "by file", faults: ["powerCycle"], has: "there is powerCycle" },
} as const;
const BESIDE: ReadonlySet<unknown> = new Set(Object.keys(ROADS));

/** What an ONT fetches is to be installed and committed. */
function pullConflicts(
  { olt, faults }: Scenario,
  { over, faults: own, has }: (typeof ROADS)[keyof typeof ROADS],
): { path: Path; text: string }[] {
  const conflicts: { path: Path; text: string }[] = [];
  for (const step of ["activate", "commit"] as const)
    if (!olt[step])
      conflicts.push({
        path: ["olt", step],
        text: `false is for the road omci; ${over} each update ends in Commit`,
      });
  faults.forEach(({ action }, index) => {
    if (!(own as readonly string[]).includes(action))
      conflicts.push({
        path: ["faults", index, "action"],
        text: `${action} is for an OLT; ${over} ${has}`,
      });
  });
  return conflicts;
}
