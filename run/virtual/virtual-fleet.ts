/** All ONTs of a simulation, whichever road their image comes by, and its ports. */
import { toOltConfig } from "../fleet/olt-config.ts";
import { planFleet } from "../fleet/plan.ts";
import type { RunImages } from "../images/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { dropFibre } from "./impairments.ts";
import type { Observer } from "./observer.ts";
import { type PortParts, VirtualPort } from "./port.ts";
import { SharedRebuilds } from "./shared-rebuilds.ts";
import type { SharedVerifiers } from "./shared-verifier.ts";
import { SharedImages } from "./slot-content.ts";
import { VirtualOnt } from "./virtual-ont.ts";

interface PortsWorld extends Pick<PortParts, "scenario" | "queue" | "feed" | "healAtNs"> {
  images: RunImages;
  onts: readonly VirtualOnt[];
}

/** As `SimulationOptions` has them. */
interface PortsOptions {
  oneByOne?: boolean;
  copiesSections?: boolean;
  only?: ReadonlySet<number>;
  guest?: unknown;
}

/** @param only those of these ports; the others are gaps in the list */
export function makeVirtualOnts(
  scenario: Scenario,
  images: RunImages,
  verifiers: SharedVerifiers,
  only?: ReadonlySet<number>,
): VirtualOnt[] {
  const plans = planFleet(scenario);
  const factories = plans.map(({ properties }) =>
    images.factory(properties.version, properties.productCode, properties.hardware),
  );
  const known = new Map([
    ...images.payloads.map(({ content, source }) => [content, source.sha256] as const),
    ...factories.map(({ bytes, image }) => [bytes, image.sha256] as const),
  ]);
  const shared = new SharedImages([...known.keys()], [...known.values()]);
  const rebuilds = new SharedRebuilds(shared);
  const onts: VirtualOnt[] = [];
  onts.length = plans.length;
  plans.forEach((plan, number) => {
    if (only?.has(plan.pon) === false) return;
    onts[number] = new VirtualOnt({
      plan,
      factory: factories[number],
      shared,
      rebuilds,
      fibre: dropFibre(scenario, plan),
      trustedKeys: images.trustedKeys,
      createVerifier: (options) => verifiers.create(options),
    });
  });
  return onts;
}

/** The same gaps. */
export function makePorts(
  { scenario, images, queue, feed, healAtNs, onts }: PortsWorld,
  observer: Observer,
  { oneByOne = false, copiesSections = false, only, guest }: PortsOptions,
): VirtualPort[] {
  const config = toOltConfig(scenario);
  const ports: VirtualPort[] = [];
  ports.length = scenario.pons;
  for (let number = 0; number < scenario.pons; number++)
    if (only?.has(number) !== false)
      ports[number] = new VirtualPort({
        number,
        scenario,
        config,
        sources: images.payloads.map(({ source }) => source),
        imageMemory: copiesSections ? undefined : images.bytes.buffer,
        queue,
        feed,
        onts: onts.filter(({ plan }) => plan.pon === number),
        observer,
        oneByOne,
        healAtNs,
        // Who looks at every step, or at ONTs from elsewhere, is to see each section come.
        mayWait: observer.step === undefined && guest === undefined,
      });
  return ports;
}
