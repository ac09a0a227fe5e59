/** Keys of a PON: what seals the frames of each ONT, and those of the broadcast port. */
import { aesCmac } from "../../base/kernel/index.ts";
import { deriveOmciKeys } from "../../omci/index.ts";
import { type TrailerChoice, serialBytes } from "../../olt/process/index.ts";
import type { TrailerSpec } from "../../ont/process/index.ts";
import { createStream, staysOnMachine } from "../../pon/index.ts";
import { RunInputError } from "../errors.ts";
import type { Scenario } from "../../scenarios/index.ts";

/** Master session key, PON tag and key of the group: lengths as in G.987.3. */
const KEY_BYTES = 16;
const PON_TAG_BYTES = 8;

/** From the seed: XG(S)-PON keys come from ranging, which this stands in for. */
export function trailerChoiceOf(scenario: Scenario): TrailerChoice {
  const kind = scenario.pon.trailer;
  if (kind !== "mic") return { kind };
  const stream = createStream(scenario.seed, "pon/0/keys");
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => stream.nextBelow(256));
  return { kind, msk: bytes(KEY_BYTES), ponTag: bytes(PON_TAG_BYTES), groupOmciIk: bytes(KEY_BYTES) };
}

/**
 * The same where frames are datagrams: from the key of the PON when they leave this machine, as everybody there can know the
 * seed; else from the seed, so that a capture can be checked with the scenario alone.
 *
 * @throws RunInputError without a key that is needed
 */
export function udpTrailerChoiceOf(scenario: Scenario, ponKey: Uint8Array | undefined): TrailerChoice {
  const { trailer, interface: name } = scenario.pon;
  if (trailer !== "mic" || staysOnMachine(name)) return trailerChoiceOf(scenario);
  if (ponKey === undefined)
    throw new RunInputError(`pon.trailer: mic on ${name} needs a key that both sides have, see --pon-key`);
  // AES-CMAC as pseudo-random function, as G.987.3 (clause 15) makes its keys.
  const made = (purpose: string): Uint8Array => aesCmac(ponKey, Buffer.from(`poncast OMCI ${purpose}`));
  return {
    kind: trailer,
    msk: made("MSK"),
    ponTag: made("PON tag").subarray(0, PON_TAG_BYTES),
    groupOmciIk: made("group"),
  };
}

/** What seals the frames of one ONT's OMCC. */
export function ontTrailerOf(choice: TrailerChoice, serial: string): TrailerSpec {
  if (choice.kind !== "mic") return choice;
  const { msk, ponTag } = choice;
  return { kind: "mic", omciIk: deriveOmciKeys({ msk, serial: serialBytes(serial), ponTag }).omciIk };
}

/** What seals broadcast frames, for the ONTs' side. */
export function broadcastTrailerOf(choice: TrailerChoice): TrailerSpec {
  return choice.kind === "mic" ? { kind: "mic", omciIk: choice.groupOmciIk } : choice;
}
