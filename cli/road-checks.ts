/** What an option or a field of the road omci is to a run over HTTPS: refused where it is asked for, told where it stands in the scenario. */
import { parseScenario, type Scenario } from "../scenarios/index.ts";
import { UsageError } from "./errors.ts";

/** Options that are of no use without OMCI, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  pcap: "--pcap: changes nothing with --road https: there are no OMCI frames to capture",
  metrics: "--metrics: changes nothing with --road https: there is no OLT",
  control: "--control: changes nothing with --road https: commands are for an OLT",
  target: "--target: changes nothing with --road https: a foreign OLT knows OMCI only",
  force: "--force: changes nothing with --road https: whether it takes an image is the ONT's to say",
};

/** Parts and fields that only OMCI goes by; of `olt` all but how long a run may take, and what is refused anyway. */
const OMCI_ONLY = {
  impairments: undefined,
  olt: ["runSeconds", "activate", "commit"],
  pon: ["profile", "headendBitsPerSecond", "distanceKm"],
} as const;

/** @throws UsageError for an option that would change nothing */
export function refuseOmciOnly({ road }: Scenario, flags: Readonly<Record<string, unknown>>): void {
  if (road !== "https") return;
  for (const [name, text] of Object.entries(REFUSED))
    if (flags[name] !== undefined && flags[name] !== false) throw new UsageError(text);
}

/** One line about fields that have no effect over HTTPS; empty: there are none. */
export function idleFieldsLine(scenario: Scenario): string {
  if (scenario.road !== "https") return "";
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
  return idle.length === 0 ? "" : `road https: without effect, as they are OMCI's: ${idle.join(", ")}\n`;
}
