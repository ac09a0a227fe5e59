/** Where an ONT that left a group stands, so that it can go on there alone. */
import { maskOf, RECOVERY, RECOVERY_INSTANCE, RESULT, unpackAttributes } from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import type { Session } from "./session.ts";
import { lastSectionOf, type WindowInFlight } from "./window-jobs.ts";

/**
 * Asks it by a Get on ME 65280.
 *
 * @param left the window in which it left
 * @param then section of the image it waits for: the first of that window, or the one behind it; -1: nobody knows
 */
export function findPlace(
  context: OltContext,
  session: Session,
  left: WindowInFlight,
  sinceNs: number,
  then: (section: number, nowNs: number) => void,
): void {
  const attributeMask = maskOf(RECOVERY, "windowBase", "lastAcceptedTci");
  const body = { type: "getRequest" as const, attributeMask };
  session.speak(left.messageSet);
  session.request(
    body,
    { classId: RECOVERY, instanceId: RECOVERY_INSTANCE },
    {
      onSilent: (atNs) => {
        const goesOn = session.online && atNs - sinceNs < context.config.limits.returnWaitNs;
        if (goesOn) findPlace(context, session, left, sinceNs, then);
        else then(-1, atNs);
      },
      onAnswer: (message, atNs) => {
        if (message.type !== "getResponse" || message.result !== RESULT.ok) return then(-1, atNs);
        const place = unpackAttributes(RECOVERY, message.attributeMask, message.values);
        if (place.lastAcceptedTci === left.baseTci + lastSectionOf(left)) {
          return then(left.firstSection + left.sections, atNs);
        }
        // Nothing of the window came in, or part of it: either way it is the one the ONT waits for.
        const previousTci = left.firstSection === 0 ? 0 : left.baseTci - 1;
        const waitsForIt = place.windowBase === left.baseTci || place.lastAcceptedTci === previousTci;
        then(waitsForIt ? left.firstSection : -1, atNs);
      },
    },
  );
}
