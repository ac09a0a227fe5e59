/** The life of a server of the headend that a run has forked: what it tells its parent, and its end. */
import { caughtLine, Guard } from "../../../base/errors/index.ts";

/** What was sent is told so often. */
const TELL_MS = 200;

interface ChildServer {
  readonly sentBytes: number;
  close(): Promise<void>;
}

/** What every such server tells. */
type Common = { type: "sent"; bytes: number } | { type: "stopped" } | { type: "failed"; message: string };

export interface HeadendChild<Message> {
  report(message: Message | Common): void;
  /** Begins to tell how many bytes were sent. */
  tellSent(): void;
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
  return { report, tellSent, stop };
}
