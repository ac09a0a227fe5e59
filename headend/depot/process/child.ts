/** The life of a server of the headend that a run has forked: what it tells its parent, and its end. */
import { caughtLine, Guard } from "../../../base/errors/index.ts";

/** What was sent is told so often. */
const TELL_MS = 200;

interface ChildServer {
  readonly sentBytes: number;
  setPaused(isPaused: boolean): Promise<void>;
  leaveOut(device?: string): Promise<void>;
  release(device: string): Promise<void>;
  /** @returns whether it is at something that has not ended */
  hold(device: string): Promise<boolean>;
  close(): Promise<void>;
}

/** An operator's, to any of them. */
export type HeadendCommand =
  | { kind: "pause" | "resume" }
  /** @property device absent: all */
  | { kind: "leaveOut"; device?: string }
  /** A campaign's: it may have what there is for it, and no more. */
  | { kind: "release" | "hold"; device: string };

/** What every such server tells. */
type Common =
  | { type: "sent"; bytes: number }
  /** It is kept, and counts from now on. @property isAtWork of `hold`: at something that has not ended */
  | { type: "commandDone"; request: number; isAtWork?: boolean }
  | { type: "stopped" }
  | { type: "failed"; message: string };

export interface HeadendChild<Message> {
  report(message: Message | Common): void;
  /** Begins to tell how many bytes were sent. */
  tellSent(): void;
  carryOut(request: number, command: HeadendCommand): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param bundle its name, for who starts it by hand
 * @param serverOf undefined before it has started
 * @param onMessage of the parent
 */
export function runChild<ToChild, Message extends { type: string }>(
  bundle: string,
  serverOf: () => ChildServer | undefined,
  onMessage: (message: ToChild) => Promise<void>,
): HeadendChild<Message> {
  const report = (message: Message | Common): void => {
    if (!process.connected) return;
    process.send!(message, undefined, undefined, () => {
      if (message.type === "stopped") process.exit(0);
      if (message.type === "failed") process.exit(1);
    });
  };
  const stop = async (): Promise<void> => {
    const server = serverOf();
    if (server === undefined) process.exit(0);
    report({ type: "sent", bytes: server.sentBytes });
    await server.close();
    report({ type: "stopped" });
  };
  const tellSent = (): void => {
    let told = 0;
    setInterval(() => {
      const bytes = serverOf()!.sentBytes;
      if (bytes !== told) report({ type: "sent", bytes: (told = bytes) });
    }, TELL_MS);
  };
  const carryOut = async (request: number, command: HeadendCommand): Promise<void> => {
    const server = serverOf();
    // It has not started yet: its parent asks again when it listens.
    if (server === undefined) return;
    let isAtWork: boolean | undefined;
    if (command.kind === "leaveOut") await server.leaveOut(command.device);
    else if (command.kind === "release") await server.release(command.device);
    else if (command.kind === "hold") isAtWork = await server.hold(command.device);
    else await server.setPaused(command.kind === "pause");
    report({ type: "commandDone", request, ...(isAtWork !== undefined && { isAtWork }) });
  };
  const failed = (error: unknown): void =>
    report({ type: "failed", message: (error as Error).message.split("\n", 1)[0]! });
  const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
  process.on(
    "message",
    guard.wrap("message of the run", (message: ToChild) => void onMessage(message).catch(failed)),
  );
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => void stop());
  // Ctrl-C goes to the whole process group; the runner ends its children itself.
  process.on("SIGINT", () => undefined);
  if (process.send === undefined) {
    process.stderr.write(`${bundle} is started by poncast and does nothing on its own\n`);
    process.exit(2);
  }
  return { report, tellSent, carryOut, stop };
}
