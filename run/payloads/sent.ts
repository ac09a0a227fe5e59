/** What of a run's images belongs into its result. */
import type { RunImages } from "../images/index.ts";
import type { ImageFacts } from "../result/types.ts";
import type { PayloadPlan } from "./types.ts";

export interface SentFacts {
  image: ImageFacts;
  /** Names of what the OLT may send, by the numbers that it gives them. */
  payloadNames: string[];
  plan: PayloadPlan | undefined;
}

export const sentIn = ({ facts, payloads, plan }: RunImages): SentFacts => ({
  image: facts,
  payloadNames: payloads.map(({ name }) => name),
  plan,
});
