/** What cases for ACSs have in common. */
import { CaseFailure, type FailureKey } from "../../../../core/index.ts";
import type { CwmpCase, CwmpStep } from "../../case.ts";
import type { AcsAnswer } from "../dialogue.ts";
import type { AcsTester } from "../tester.ts";

export type AcsCase = CwmpCase<AcsTester>;

export const tr069 = (each: Omit<AcsCase, "basis">): AcsCase => ({ ...each, basis: "TR-069" });

/** The standard leaves it open, and CPEs count on it. */
export const field = (each: Omit<AcsCase, "basis">): AcsCase => ({ ...each, basis: "field" });

export const step = (text: string, run: CwmpStep<AcsTester>["run"]): CwmpStep<AcsTester> => ({ text, run });

export function fail(key: FailureKey, text: string, at: AcsAnswer | number, clause?: string): never {
  throw new CaseFailure(key, text, typeof at === "number" ? at : at.exchange, clause);
}

/** It was not let through: a status of HTTP that says so, or a fault. */
export function turnedAway(answer: AcsAnswer, what: string, statuses: readonly number[] = []): void {
  const { http, envelope } = answer;
  if (!http.ok) fail("no-answer", `${http.cause} ${what}`, answer);
  if (envelope?.message.method === "Fault") return;
  if (envelope !== undefined) fail("wrongly-accepted", `${envelope.message.method} ${what}`, answer);
  const isRefusal = http.status >= 400 && http.status < 600;
  if (!isRefusal) fail("wrongly-accepted", `${http.status} ${what}`, answer);
  if (statuses.length > 0 && !statuses.includes(http.status))
    fail("wrong-http", `${http.status} ${what}, not ${statuses.join(" or ")}`, answer);
}
