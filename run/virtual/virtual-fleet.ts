/** All ONTs of a simulation, whichever road their image comes by. */
import { planFleet } from "../fleet/plan.ts";
import type { RunImages } from "../images/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { dropFibre } from "./impairments.ts";
import { SharedRebuilds } from "./shared-rebuilds.ts";
import type { SharedVerifiers } from "./shared-verifier.ts";
import { SharedImages } from "./slot-content.ts";
import { VirtualOnt } from "./virtual-ont.ts";

export function makeVirtualOnts(scenario: Scenario, images: RunImages, verifiers: SharedVerifiers): VirtualOnt[] {
  const plans = planFleet(scenario);
  const factories = plans.map(({ properties }) =>
    images.factory(properties.version, properties.productCode, properties.hardware),
  );
  const sent = images.payloads.map(({ content }) => content);
  const shared = new SharedImages([...sent, ...new Set(factories.map(({ bytes }) => bytes))]);
  const rebuilds = new SharedRebuilds(shared);
  return plans.map(
    (plan, number) =>
      new VirtualOnt({
        plan,
        factory: factories[number],
        shared,
        rebuilds,
        fibre: dropFibre(scenario, plan),
        trustedKeys: images.trustedKeys,
        createVerifier: (options) => verifiers.create(options),
      }),
  );
}
