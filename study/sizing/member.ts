/** Members of a group by kinds that are alike, and the chances of what they receive and answer. */
import { binomial } from "../../base/statistics/index.ts";
import { sectionDataBytes } from "../../omci/index.ts";
import { burstLosses } from "./chance.ts";
import type { Receivers, SizingInput } from "./types.ts";

/** One kind of members of a group, with the chances of a frame on the broadcast port. */
export interface Members {
  onts: number;
  /** A frame is lost for one of them, on the feeder or on its own fibre. */
  loss: number;
  /** Lost on its own fibre only. */
  ownLoss: number;
  /** A frame of theirs is lost upstream. */
  lossUp: number;
  /** Section with AR received, and its answer as well. */
  asked: number;
  heard: number;
  kind: Receivers;
}

export function membersOf(kind: Receivers, feederLoss: number): Members {
  const loss = 1 - (1 - kind.lossDown) * (1 - feederLoss);
  const asked = 1 - loss;
  const { onts, lossDown: ownLoss, lossUp } = kind;
  return { onts, loss, ownLoss, lossUp, asked, heard: asked * (1 - lossUp), kind };
}

/** Data bytes of a section for ONTs of a kind. */
export const sectionBytesOf = (input: SizingInput, { messageSet }: Receivers): number =>
  messageSet === input.messageSet ? input.sectionBytes : sectionDataBytes(messageSet);

/** Chances of 0…`frames` losses on an ONT's own fibre. */
export const lossesOf = ({ kind }: Members, frames: number): Float64Array =>
  kind.burst ? burstLosses(frames, kind.burst) : binomial(frames, kind.lossDown);

/** Chance that none of `frames` given frames is lost on an ONT's own fibre in any of `sends` sends. */
export function completeAfter(members: Members, frames: number, sends: number): number {
  if (sends === 0) return frames === 0 ? 1 : 0;
  const apart = (1 - members.loss ** sends) ** frames;
  if (!members.kind.burst) return apart;
  // Losses in bursts leave more windows whole than the same losses one by one.
  const feeder = ((1 - members.loss) / (1 - members.ownLoss)) ** frames;
  return Math.max(apart, burstLosses(frames, members.kind.burst)[0] * feeder);
}

/** Chance of an event that is independent for all members: the product of what `chance` says for each. */
export function all(members: readonly Members[], chance: (one: Members, index: number) => number): number {
  let product = 1;
  members.forEach((one, index) => {
    product *= Math.max(0, Math.min(1, chance(one, index))) ** one.onts;
  });
  return product;
}

/** Mean number of members for which something holds. */
export const countOf = (members: readonly Members[], chance: (one: Members, index: number) => number): number =>
  members.reduce((sum, one, index) => sum + one.onts * chance(one, index), 0);
