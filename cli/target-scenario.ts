/** What of a scenario counts in a run with somebody else's OLT, and what cannot be asked for there. */
import { type Override, type Path, readScenarioFile, type Scenario } from "../scenarios/index.ts";
import { UsageError } from "./errors.ts";
import { overridesOf, resolveScenario, scenarioFileOf, SIDE_SCENARIO, sideScenario } from "./run-options.ts";

const ELSEWHERE = "not with --target, where ONTs and fibres are somebody else's";
const NO_MULTICAST = "OpenOLT has no multicast for OMCI; leave it out or say unicast";

/** Options that have no meaning with a target, and why. */
const NOT_WITH_TARGET: Readonly<Record<string, string>> = {
  virtual: "not with --target, whose ONTs live in real time",
  loss: ELSEWHERE,
  key: "not with --target, whose ONTs have keys of their own",
  pons: "not with --target, whose PON ports are what its server has",
  rtt: ELSEWHERE,
  feed: ELSEWHERE,
  ontsPerProcess: ELSEWHERE,
  interface: "not with --target, which names the host itself",
  metrics: "not with --target; `--json` and the journal tell what happened",
  keepState: ELSEWHERE,
};
/** What is left open is so towards devices that nobody knows. */
const FOREIGN: Readonly<Record<string, number | boolean>> = {
  // As VOLTHA waits at least (G.988 B.2 asks ONTs for about 1 s), and longer as their answers take longer. Repeats are no help
  // there, and some ONUs count them.
  answerTimeoutMinMs: 3000,
  answerTimeoutMs: 15_000,
  // The same End comes again while an ONT is busy: once a second, as its answer would be waited for.
  busyPollMs: 1000,
  // What their vendor ME 65280 is nobody knows: it is not asked.
  resume: false,
};

/** Values of them that ask for nothing. */
const ASKS_FOR_NOTHING: ReadonlySet<unknown> = new Set([undefined, false, "0"]);

/**
 * The scenario of a run with somebody else's OLT and ONTs: in unicast; of what it says about ONTs of ours nothing counts. A
 * preset that names no mode is taken in unicast; what a file asks for by name is not given up silently.
 *
 * @param name scenario file or preset, undefined = nobody named one
 * @throws UsageError where something is asked for that cannot be had there
 */
export function targetScenario(name: string | undefined, flags: Record<string, unknown>): Scenario {
  for (const [option, why] of Object.entries(NOT_WITH_TARGET)) {
    if (ASKS_FOR_NOTHING.has(flags[option])) continue;
    const said = option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${said}: ${why}`);
  }
  for (const option of ["mode", "recovery"])
    if ((flags[option] ?? "unicast") !== "unicast") throw new UsageError(`--${option}: ${NO_MULTICAST}`);
  const asked = { ...flags, mode: "unicast" };
  const option = "--target";
  if (name === undefined) {
    const called: Override[] = [
      { path: "name", value: "openolt", option },
      { path: "question", value: "", option },
    ];
    return sideScenario(SIDE_SCENARIO, asked, "run", [...called, ...forForeign({})]);
  }
  const path = scenarioFileOf(name);
  refuseWhatIsAsked(path, flags.mode === "unicast");
  const others: Override[] = [
    { path: "fleet", value: [{}], option },
    { path: "ont", value: {}, option },
  ];
  return resolveScenario(name, [...overridesOf(asked), ...others, ...forForeign(readScenarioFile(path).input)]);
}

/** @param input of a scenario file: what it says itself stays. */
export function forForeign(input: unknown): Override[] {
  const olt = (input as { olt?: Record<string, unknown> | null } | null)?.olt ?? {};
  return Object.entries(FOREIGN)
    .filter(([field]) => olt[field] === undefined)
    .map(([field, value]) => ({ path: `olt.${field}`, value, option: "--target" }));
}

/** @param isUnicast said by an option, which outdoes the file */
function refuseWhatIsAsked(path: string, isUnicast: boolean): void {
  const file = readScenarioFile(path);
  const at = (...steps: Path): unknown =>
    steps.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null)?.[step], file.input);
  const refuse = (steps: Path, why: string): never => {
    throw new UsageError(`${file.place(steps)}${why}`);
  };
  const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
  const groups = at("fleet");
  const fleet = (Array.isArray(groups) ? groups : []).map((_group, index) => ["fleet", index]);
  for (const steps of [
    ["impairments"],
    ["faults"],
    ["image", "deltas"],
    ...fleet.map((group) => [...group, "impairments"]),
  ])
    if (isList(at(...steps))) refuse(steps, ELSEWHERE);
  for (const steps of [["ont", "quirk"], ...fleet.map((group) => [...group, "quirk"])])
    if ((at(...steps) ?? "reference") !== "reference") refuse(steps, ELSEWHERE);
  if (Number(at("pons") ?? 1) > 1) refuse(["pons"], ELSEWHERE);

  if (isUnicast || at("olt", "mode") === "unicast") return;
  if (at("olt", "mode") === "multicast") refuse(["olt", "mode"], NO_MULTICAST);
  // Repair of a group, asked for by name.
  if ((at("olt", "recovery") ?? "unicast") !== "unicast") refuse(["olt", "recovery"], NO_MULTICAST);
  if (Number(at("olt", "proactive")) > 0)
    refuse(["olt", "proactive"], "OpenOLT has no multicast for OMCI; leave it out");
}
