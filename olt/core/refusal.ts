/** Why an ONT has refused, beyond the result of its answer (ME 65280, docs/extension.md, 8b). */
import { maskOf, RECOVERY, RECOVERY_INSTANCE, refusalName, RESULT, unpackAttributes } from "../../omci/index.ts";
import type { Session } from "./session.ts";

const MASK_REFUSAL = maskOf(RECOVERY, "refusal");
const TARGET = { classId: RECOVERY, instanceId: RECOVERY_INSTANCE };

/**
 * Asks an ONT that may know; any other is not asked.
 *
 * @param cause one line, as far as its answer told
 * @param done with the same line, and what the ONT adds
 */
export function askWhy(
  session: Session,
  cause: string,
  nowNs: number,
  done: (cause: string, nowNs: number) => void,
): void {
  if (!session.facts.canPlace || !session.online) return done(cause, nowNs);
  session.request({ type: "getRequest", attributeMask: MASK_REFUSAL }, TARGET, {
    onSilent: (atNs) => done(cause, atNs),
    onAnswer: (message, atNs) => {
      if (message.type !== "getResponse" || message.result !== RESULT.ok) return done(cause, atNs);
      const { refusal } = unpackAttributes(RECOVERY, message.attributeMask, message.values);
      const name = typeof refusal === "number" ? refusalName(refusal) : "";
      done(name === "" ? cause : `${cause}: ${name}`, atNs);
    },
  });
}
