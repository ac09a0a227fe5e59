/** An ONT of a run that fetches its image, as what its road tells adds up. */
import type { UpdateState } from "../../ont/road/index.ts";
import type { OltGroup, OltOntStatus } from "../../olt/index.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { RunImages } from "../images/index.ts";

/** What is told of a device beside its events. */
export interface PullProgress {
  polls: number;
  state: UpdateState;
  /** Of an action, or a task, that is under way; empty: there is none. */
  action: string;
  /** Of files, in this life. */
  receivedBytes: number;
  heldBytes: number;
}

export interface UpdatingOnt {
  plan: OntPlan;
  status: OltOntStatus;
  state: UpdateState;
  /** The headend knows how it ended. */
  isTold: boolean;
  /** A delta failed: until it has asked so often again, and got no image in its place. */
  waitsForPolls: number;
  /** Why the operator has left it out, and from which poll on it has heard of it; empty: it is not. */
  leftOut: string;
  leftOutPolls: number;
  endedLivesBytes: number;
  receivedBytes: number;
  /** In this life: asked, answered, not answered. */
  askedPolls: number;
  polls: number;
  failedPolls: number;
}

/** Before anything was heard of it. */
export const updatingOnt = (plan: OntPlan, images: Pick<RunImages, "payloads">): UpdatingOnt => ({
  plan,
  status: {
    onuId: plan.index,
    serial: plan.serial,
    phase: "discovering",
    cause: "",
    version: plan.properties.version,
    activeInstance: plan.slot,
    committedInstance: plan.slot,
    payload: 0,
    payloadBytes: images.payloads[0].bytes,
    bytesDone: 0,
    windowsRepaired: 0,
    sectionsLost: 0,
    leftGroup: false,
    online: true,
    startedNs: -1,
    endedNs: -1,
  },
  state: "idle",
  isTold: false,
  waitsForPolls: -1,
  leftOut: "",
  leftOutPolls: 0,
  endedLivesBytes: 0,
  receivedBytes: 0,
  askedPolls: 0,
  polls: 0,
  failedPolls: 0,
});

/** Payload that has come to them, in all their lives. */
export const arrivedBytes = (onts: readonly UpdatingOnt[]): number =>
  onts.reduce((sum, { endedLivesBytes, receivedBytes }) => sum + endedLivesBytes + receivedBytes, 0);

/** Whoever was sent the same payload, as one pass. */
export function passesOf(onts: readonly UpdatingOnt[]): OltGroup[] {
  const begun = onts.filter(({ status }) => status.startedNs >= 0);
  const numbers = [...new Set(begun.map(({ status }) => status.payload))].toSorted((one, other) => one - other);
  return numbers.map((payload) => {
    const members = begun.filter(({ status }) => status.payload === payload);
    const hasEnded = members.every(({ status }) => status.endedNs >= 0);
    return {
      why: "first",
      payload,
      onts: members.length,
      startNs: Math.min(...members.map(({ status }) => status.startedNs)),
      endNs: hasEnded ? Math.max(...members.map(({ status }) => status.endedNs)) : -1,
      payloadBytes: arrivedBytes(members),
    };
  });
}
