/** How one ONT stands, as the OLT tells it. */
import { activeInstanceOf, committedInstanceOf } from "./facts.ts";
import { toldPhase } from "./phases.ts";
import type { Session } from "./session.ts";
import type { OltOntStatus } from "./types.ts";

export function statusOf(session: Session): OltOntStatus {
  const { facts, progress } = session;
  const active = activeInstanceOf(facts);
  return {
    onuId: session.onuId,
    serial: session.serial,
    phase: toldPhase(session.phase),
    cause: session.cause,
    version: active >= 0 ? facts.images[active].version : "",
    activeInstance: active,
    committedInstance: committedInstanceOf(facts),
    bytesDone: progress.bytesDone,
    windowsRepaired: progress.windowsRepaired,
    sectionsLost: progress.sectionsLost,
    leftGroup: progress.leftGroup,
    online: session.online,
    startedNs: progress.startedNs,
    endedNs: progress.endedNs,
  };
}
