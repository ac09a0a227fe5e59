/** Requests that an ONT may be busy for, and the End of a download. */
import { RESULT, resultName, SOFTWARE_IMAGE, type Message } from "../../omci/index.ts";
import { askAgainNs } from "./busy.ts";
import type { OltContext } from "./context.ts";
import { askWhy } from "./refusal.ts";
import type { RequestBody } from "./request.ts";
import type { Session } from "./session.ts";

/** CRC of the abort: End with size 0 and this CRC (docs/reference.md, 7). */
const ABORT_CRC32 = 0xffffffff;

/** End with a size and CRC known to be wrong brings both sides back to S1 (docs/reference.md, 3). */
export const abortRequest = (instanceId: number) => ({
  type: "endDownloadRequest" as const,
  crc32: ABORT_CRC32,
  imageBytes: 0,
  instances: [instanceId],
});

/** Aborts what an ONT has of a download, best effort. */
export function abortDownload(session: Session): void {
  const instanceId = session.targetInstance;
  session.request(
    abortRequest(instanceId),
    { classId: SOFTWARE_IMAGE, instanceId },
    {
      once: { doublings: 0 },
      onAnswer: () => undefined,
      onSilent: () => undefined,
    },
  );
}

/** How a download, or a request with "device busy" in it, ended. */
export type Outcome =
  | { ok: true }
  /** `incomplete`: the link let something of every try go missing, the image was not looked at. */
  | { ok: false; silent: boolean; incomplete?: true; cause: string };

/**
 * Sends a request again while the ONT answers "device busy", with the pause and the whole wait of the limits
 * (G.988 9.1.4: the OLT repeats the same End until the ONT could accept Activate and Commit). Silence counts only once
 * it has lasted: an ONT whose signal is there may have a bad link.
 */
export function requestUntilNotBusy(
  context: OltContext,
  session: Session,
  nowNs: number,
  name: string,
  body: RequestBody,
  done: (outcome: Outcome, nowNs: number) => void,
  onResult?: (message: Message) => void,
  instanceId = session.targetInstance,
): void {
  const { limits } = context.config;
  const giveUpNs = nowNs + limits.busyWaitNs;
  const silentFromNs = nowNs + limits.returnWaitNs;
  const ask = (askedNs: number): void =>
    session.request(
      body,
      { instanceId },
      {
        waits: { elapsedNs: askedNs - nowNs },
        onSilent: (silentNs) => {
          if (session.online && silentNs < silentFromNs) return ask(silentNs);
          done({ ok: false, silent: true, cause: `no answer to ${name}` }, silentNs);
        },
        onAnswer: (message, answeredNs) => {
          onResult?.(message);
          const result = "result" in message ? message.result : RESULT.processingError;
          if (result === RESULT.ok) return done({ ok: true }, answeredNs);
          const fail = (cause: string): void =>
            askWhy(session, cause, answeredNs, (told, atNs) => done({ ok: false, silent: false, cause: told }, atNs));
          if (result !== RESULT.deviceBusy) return fail(`${name} refused: ${resultName(result)} (${result})`);
          if (answeredNs >= giveUpNs) return fail(`${name}: device busy for longer than the limit`);
          session.wait(askAgainNs(askedNs, answeredNs, limits), ask);
        },
      },
    );
  ask(nowNs);
}

/** An ONT that does not place sections, but counts them, has more than the image behind a repeat whose first copy it took. */
function repeatsTold({ facts, progress }: Session): string {
  const { windowsRepaired } = progress;
  if (facts.extension !== "none" || windowsRepaired === 0) return "";
  return `; ${windowsRepaired} ${windowsRepaired === 1 ? "window was" : "windows were"} sent again, which some ONTs count as more of the image`;
}

/** End software download, polled while the ONT stores; then the session is `stored`. */
export function endDownload(
  context: OltContext,
  session: Session,
  nowNs: number,
  done: (outcome: Outcome, nowNs: number) => void,
): void {
  const { image } = session.payload;
  session.enter({ phase: "ending" });
  const body = {
    type: "endDownloadRequest" as const,
    crc32: image.crc32,
    imageBytes: image.imageBytes,
    instances: [session.targetInstance],
  };
  requestUntilNotBusy(context, session, nowNs, "End", body, (outcome, atNs) => {
    if (outcome.ok) {
      session.progress.end(atNs);
      session.learnImage(session.targetInstance, { valid: true, version: image.version });
      context.lastEndNs = atNs;
      session.enter({ phase: "stored" });
    }
    done(outcome.ok ? outcome : { ...outcome, cause: `${outcome.cause}${repeatsTold(session)}` }, atNs);
  });
}
