/** Images without bytes of a payload (`image.payload: none`): for which runs they do, and which have bytes made all the same. */
import { hasCampaign } from "../campaign/plan.ts";
import { RunInputError } from "../errors.ts";
import type { Scenario } from "../../scenarios/index.ts";

/** Whether the payload is to be nothing but its length, and can be. */
export const isWithoutBytes = (scenario: Scenario): boolean =>
  scenario.image.payload === "none" && whyBytesAreMade(scenario) === undefined;

/** Why the payload has bytes though the scenario asks for none, a clause; undefined: it has none, or is to have them. */
export function whyBytesAreMade(scenario: Scenario): string | undefined {
  const { image, road, pon, fleet } = scenario;
  if (image.payload !== "none") return undefined;
  if (image.deltas.length > 0) return "deltas are made from them (image.deltas)";
  if (image.variants.length > 0) return "the manifest names each variant by its digest (image.variants)";
  if (hasCampaign(scenario)) return "a campaign's roads beside OMCI check files by their digests";
  if (road !== "omci") return `road ${road} checks files by their digests`;
  const corrupts = [scenario, ...fleet].some((each) => each.impairments.some(({ kind }) => kind === "corruption"));
  if (corrupts && pon.trailer === "none")
    return "corrupted frames are taken for whatever their bytes say (pon.trailer: none)";
  return undefined;
}

/** @param why a clause @throws RunInputError where there is nothing to do without bytes */
export function refuseWithoutBytes({ image }: Scenario, why: string): void {
  if (image.payload === "none") throw new RunInputError(`image.payload: none: ${why}`);
}
