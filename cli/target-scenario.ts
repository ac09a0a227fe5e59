import { type Override, type Path, readScenarioFile, type Scenario } from "../scenarios/schema/index.ts";
import { UsageError } from "./errors.ts";
import { overridesOf, resolveScenario, scenarioFileOf, SIDE_SCENARIO, sideScenario } from "./run-options.ts";

const ELSEWHERE = "not with --target, where ONTs and fibres are somebody else's";
const NO_MULTICAST = "OpenOLT has no multicast for OMCI; leave it out or say unicast";

/** Options that say something about ONTs or fibres of ours, or about what OpenOLT has not. */
const NOT_WITH_TARGET = ["virtual", "loss", "recovery", "key", "ontsPerProcess", "interface", "metrics", "keepState"];

/**
 * The scenario of a run with somebody else's OLT and ONTs: in unicast; of what it says about ONTs of ours nothing counts. A
 * preset that names no mode is taken in unicast; what a file asks for by name is not given up silently.
 *
 * @param isDefault nobody named a scenario
 * @throws UsageError where something is asked for that cannot be had there
 */
export function targetScenario(name: string, isDefault: boolean, flags: Record<string, unknown>): Scenario {
  for (const option of NOT_WITH_TARGET) {
    if (flags[option] === undefined || flags[option] === false) continue;
    const said = option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${said}: ${ELSEWHERE}`);
  }
  if (flags.mode !== undefined && flags.mode !== "unicast") throw new UsageError(`--mode: ${NO_MULTICAST}`);
  const asked = { ...flags, mode: "unicast" };
  const option = "--target";
  if (isDefault) {
    const called: Override[] = [
      { path: "name", value: "openolt", option },
      { path: "question", value: "", option },
    ];
    return sideScenario(SIDE_SCENARIO, asked, called);
  }
  refuseWhatIsAsked(scenarioFileOf(name), flags.mode === "unicast");
  const others: Override[] = [
    { path: "fleet", value: [{}], option },
    { path: "ont", value: {}, option },
  ];
  return resolveScenario(name, [...overridesOf(asked), ...others]);
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
  for (const steps of [["impairments"], ["faults"], ...fleet.map((group) => [...group, "impairments"])])
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
