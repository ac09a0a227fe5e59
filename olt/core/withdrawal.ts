/** How an ONT ends whose update an operator has ended. */
import type { OntState } from "./session.ts";

/** Why, and as what the ONT ends if it has neither the new image nor a trial behind it. */
export interface Withdrawal {
  cause: string;
  isSkip: boolean;
}

/** How an ONT ends that runs its old image, and holds the new one or not. */
export function withdrawnState(
  { cause, isSkip }: Withdrawal,
  how: "none" | "stored" | "rolledBack",
  more = "",
): OntState {
  const told = more === "" ? cause : `${cause}; ${more}`;
  if (isSkip) return { phase: "skipped", cause: told };
  if (how === "stored") return { phase: "stored", cause: `not activated: ${told}` };
  return how === "rolledBack" ? { phase: "rolledBack", cause: told } : { phase: "failed", cause: told };
}
