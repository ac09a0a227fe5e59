/** A Get that must be answered. */
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
