/** A Get that must be answered. */
import {
  type AttributeName,
  type AttributesOf,
  maskOf,
  RECOVERY,
  RECOVERY_INSTANCE,
  unpackAttributes,
} from "../../omci/index.ts";
import type { Message } from "../../omci/messages.ts";
import type { BenchOnt } from "./hands.ts";

export const getOf = (
  bench: BenchOnt,
  classId: number,
  instanceId: number,
  attributeMask: number,
): Extract<Message, { type: "getResponse" }> => {
  const answer = bench.ask({ type: "getRequest", attributeMask }, { classId, instanceId });
  if (answer?.type !== "getResponse") throw new Error("no answer to Get");
  return answer;
};

/** Attributes of the recovery ME by their names. */
export function readAttributesOf(
  bench: BenchOnt,
  ...names: AttributeName<typeof RECOVERY>[]
): Partial<AttributesOf<typeof RECOVERY>> {
  const { attributeMask, values } = getOf(bench, RECOVERY, RECOVERY_INSTANCE, maskOf(RECOVERY, ...names));
  return unpackAttributes(RECOVERY, attributeMask, values);
}
