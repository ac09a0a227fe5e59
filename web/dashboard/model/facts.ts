/** What of a scenario a page says. */
import { toOltConfig } from "../../../run/fleet/index.ts";
import type { Forecast } from "../../../run/result/types.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import type { ShownFacts } from "../types.ts";

const BITS_PER_BYTE = 8;

export function factsOf(scenario: Scenario, clock: ShownFacts["clock"], forecast?: Forecast): ShownFacts {
  const { name, question, olt, image, pon, pons, onts, seed, road } = scenario;
  const { rateBytesPerSecond } = olt;
  return {
    name,
    question: question ?? "",
    mode: olt.mode,
    recovery: olt.recovery,
    seed,
    clock,
    road,
    onts: onts * pons,
    pons,
    imageBytes: image.bytes,
    imageVersion: image.version,
    sectionBytes: toOltConfig(scenario).sectionBytes,
    catchesUp: olt.catchUp.when !== "never",
    feedBitsPerSecond: pon.headendBitsPerSecond ?? null,
    budgetBitsPerSecond: rateBytesPerSecond === undefined ? null : rateBytesPerSecond * BITS_PER_BYTE,
    forecast: forecast === undefined ? null : { copies: forecast.copies, seconds: forecast.seconds },
  };
}
