/** What an option or a field of one road is to a run by another: refused where it is asked for, told where it stands in the scenario. */
import { hasCampaign } from "../run/campaign/index.ts";
import { parseScenario, type Scenario } from "../scenarios/index.ts";
import { UsageError } from "./errors.ts";

/** Options that are of no use without OMCI, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  pcap: "there are no OMCI frames to capture",
  metrics: "there is no OLT",
  target: "a foreign OLT knows OMCI only",
  force: "whether it takes an image is the ONT's to say",
};

/** The same with a campaign, which has roads of its own. */
const REFUSED_WITH_CAMPAIGN: Readonly<Record<string, string>> = {
  target: "--target: is for a scenario without a campaign: a foreign OLT has one road",
};

/** Parts and fields that only OMCI goes by; of `olt` all but how long a run may take, and what is refused anyway. */
const OMCI_ONLY = {
  impairments: undefined,
  olt: ["runSeconds", "activate", "commit"],
  pon: ["profile", "headendBitsPerSecond", "distanceKm"],
} as const;

/** @throws UsageError for an option that would change nothing */
export function refuseOmciOnly(scenario: Scenario, flags: Readonly<Record<string, unknown>>): void {
  const isAsked = (name: string): boolean => flags[name] !== undefined && flags[name] !== false;
  if (hasCampaign(scenario)) {
    for (const [name, text] of Object.entries(REFUSED_WITH_CAMPAIGN)) if (isAsked(name)) throw new UsageError(text);
    return;
  }
  const { road } = scenario;
  if (road === "omci") return;
  if (road === "file" && flags.control !== undefined)
    throw new UsageError("--control: changes nothing with --road file: there is no headend to command");
  for (const [name, why] of Object.entries(REFUSED))
    if (isAsked(name)) throw new UsageError(`--${name}: changes nothing with --road ${road}: ${why}`);
}

/** One line about fields that have no effect beside OMCI; empty: there are none. */
export function idleFieldsLine(scenario: Scenario): string {
  const { road } = scenario;
  if (road === "omci" || hasCampaign(scenario)) return "";
  const usual = parseScenario("{}", "");
  const isUsual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  const idle = Object.entries(OMCI_ONLY).flatMap(([part, counts]) => {
    const [said, default_] = [scenario, usual].map((each) => each[part as keyof typeof OMCI_ONLY]);
    if (counts === undefined) return isUsual(said, default_) ? [] : [part];
    return Object.keys(said!)
      .filter((name) => !(counts as readonly string[]).includes(name))
      .filter((name) => !isUsual(said![name as never], default_![name as never]))
      .map((name) => `${part}.${name}`);
  });
  if (scenario.fleet.some(({ impairments }) => impairments.length > 0)) idle.push("fleet.impairments");
  return idle.length === 0 ? "" : `road ${road}: without effect, as they are OMCI's: ${idle.join(", ")}\n`;
}
