/** The road to a device, as the driver of a recovery needs it; one file for each. */
import type { RecoverReply } from "../core/types.ts";

export interface RecoverLink {
  /** Until somebody answers, for at most so long; at once where somebody does. */
  connect(seconds: number): Promise<RecoverReply>;
  command(text: string): Promise<RecoverReply>;
  /** Into the memory of the device. */
  load(bytes: Uint8Array): Promise<RecoverReply>;
  /** A command that gives bytes; more than these are refused. */
  read(text: string, bytesMax: number): Promise<RecoverReply>;
  put(file: string, bytes: Uint8Array): Promise<RecoverReply>;
  get(file: string, bytesMax: number): Promise<RecoverReply>;
  close(): void;
}

/** Lines that a device may say on the way to its answer. */
export type Say = (line: string) => void;

export const answered = (ok: boolean, text: string, bytes?: Uint8Array): RecoverReply => ({
  kind: "answer",
  ok,
  text,
  ...(bytes && { bytes }),
});
export const lost = (cause: string): RecoverReply => ({ kind: "lost", cause });

const MS_PER_SECOND = 1_000;
/** Between two tries to reach a device. */
const AGAIN_MS = 200;

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Tries until it works. */
export async function untilReached(seconds: number, attempt: () => Promise<RecoverReply>): Promise<RecoverReply> {
  const endMs = Date.now() + seconds * MS_PER_SECOND;
  for (;;) {
    const reply = await attempt();
    if (reply.kind === "answer" || Date.now() + AGAIN_MS > endMs)
      return reply.kind === "answer" ? reply : answered(false, `nobody answers: ${reply.cause}`);
    await pause(AGAIN_MS);
  }
}
