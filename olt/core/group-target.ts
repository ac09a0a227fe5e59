/** Who may share a group. */
import type { MessageSet } from "../../omci/index.ts";
import type { Payload } from "./payload.ts";

/** What the sections of a group are addressed to, and what is known of its members. */
export interface GroupTarget {
  why: "first" | "catchUp";
  payload: Payload;
  messageSet: MessageSet;
  instanceId: number;
  /** Share of sections that its members are known to lose, all much alike; 0 = nothing known. */
  loss: number;
}

/** The same for targets that may share a group. */
export const keyOf = ({ payload, messageSet, instanceId, loss }: GroupTarget): string =>
  `${payload.index}/${messageSet}/${instanceId}/${loss > 0 ? "lossy" : "fair"}`;
