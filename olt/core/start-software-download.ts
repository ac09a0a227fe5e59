/** Start software download (G.988 A.2.23, A.3.23), to a group, to one that joins it, or to one alone. */
import type { MessageSet } from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import type { Session } from "./session.ts";

/** The first Start of a download goes out to an ONT. */
export function noteStart(context: OltContext, session: Session, messageSet: MessageSet, nowNs: number): void {
  if (context.firstStartNs < 0) context.firstStartNs = nowNs;
  session.enter({ phase: "starting" });
  session.speak(messageSet);
  session.progress.start(nowNs);
}

/** @param windowSections proposed */
export const startRequest = ({ payload, targetInstance }: Session, windowSections: number) => ({
  type: "startDownloadRequest" as const,
  windowSections,
  imageBytes: payload.imageBytes,
  instances: [targetInstance],
});
