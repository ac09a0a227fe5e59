/** How a port and each of its ONTs stand, as the OLT tells it. */
import type { OltContext } from "./context.ts";
import { messageSetFor } from "./eligibility.ts";
import { activeInstanceOf, committedInstanceOf } from "./facts.ts";
import { toldPhase } from "./phases.ts";
import type { Session } from "./session.ts";
import type { OltOntStatus, OltStatus } from "./types.ts";

function statusOf({ config }: OltContext, session: Session): OltOntStatus {
  const { facts, progress } = session;
  const isAsAsked = progress.startedNs < 0 || messageSetFor(config, facts) === config.messageSet;
  const active = activeInstanceOf(facts);
  return {
    onuId: session.onuId,
    serial: session.serial,
    phase: toldPhase(session.phase),
    cause: session.cause,
    version: active >= 0 ? facts.images[active].version : "",
    activeInstance: active,
    committedInstance: committedInstanceOf(facts),
    payload: session.payload.index,
    payloadBytes: session.payload.imageBytes,
    bytesDone: progress.bytesDone,
    windowsRepaired: progress.windowsRepaired,
    sectionsLost: progress.sectionsLost,
    leftGroup: progress.leftGroup,
    ...(!isAsAsked && { inBaseline: true }),
    online: session.online,
    startedNs: progress.startedNs,
    endedNs: progress.endedNs,
  };
}

/** @param groupShare of its payload that the group of the first download has which is under way; undefined = none is */
export function portStatusOf(
  context: OltContext,
  sessions: readonly Session[],
  groupShare: number | undefined,
): Omit<OltStatus, "phase" | "stopReason" | "finishedNs" | "control"> {
  const live = sessions.filter((session) => !session.is("isLeftOut"));
  const { imageBytes } = context.image;
  const shares = live.map(({ payload, progress }) => progress.bytesDone / payload.imageBytes);
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, live.length);
  return {
    imageBytes,
    // Groups of several payloads are under way one beside or behind the other: none of them stands for all.
    bytesDone: Math.round((context.payloads.length > 1 ? mean : (groupShare ?? mean)) * imageBytes),
    firstStartNs: context.firstStartNs,
    lastWindowAnsweredNs: context.lastWindowAnsweredNs,
    lastEndNs: context.lastEndNs,
    firstActivateNs: context.firstActivateNs,
    lastCommitNs: context.lastCommitNs,
    counters: context.counters,
    groups: context.ledger.groups,
    onts: sessions.map((session) => statusOf(context, session)),
  };
}
