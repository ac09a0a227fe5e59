/** Which payload an ONT gets, from what it told. */
import { RUNNING_IMAGE_BYTES } from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import { activeInstanceOf, type OntFacts } from "./facts.ts";
import type { Payload } from "./payload.ts";
import type { Session } from "./session.ts";

/**
 * The payload for an ONT: a delta from the very image that it runs, where it applies deltas; else the whole image for its
 * hardware, or, as it may not have told its hardware, the first one.
 *
 * @param wholeOnly a delta has failed in it
 * @returns undefined where none is for its hardware
 */
export function payloadFor(payloads: readonly Payload[], facts: OntFacts, wholeOnly = false): Payload | undefined {
  if (payloads.length === 1) return payloads[0];
  const fits = ({ image }: Payload): boolean =>
    facts.hardware === "" || image.hardware.length === 0 || image.hardware.includes(facts.hardware);
  const delta = wholeOnly ? undefined : payloads.find((one) => fits(one) && isFrom(one, facts));
  return delta ?? payloads.find((one) => fits(one) && !one.isDelta);
}

/** Whether it is a delta from what the ONT runs: by the version, and by the image itself, as far as the ONT tells it. */
function isFrom({ image: { delta } }: Payload, facts: OntFacts): boolean {
  if (delta === undefined || !facts.appliesDeltas) return false;
  const active = activeInstanceOf(facts);
  if (active < 0 || facts.images[active].version !== delta.baseVersion) return false;
  return facts.runningImage === delta.baseSha256.slice(0, 2 * RUNNING_IMAGE_BYTES);
}

/** From what the ONT has told by now. */
export function choosePayload({ payloads }: OltContext, session: Session): void {
  session.payload = payloadFor(payloads, session.facts, session.wholeOnly) ?? session.payload;
}
