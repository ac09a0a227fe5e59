/** The stream of a live page, read without a browser. */
import { applyDelta, type ShownRun, shownOf } from "../../web/dashboard/index.ts";
import type { DashboardDelta, DashboardSnapshot } from "../../web/dashboard/types.ts";
import { UsageError } from "../errors.ts";

/** Longer events are none of ours. */
const EVENT_CHARACTERS_MAX = 64 * 1024 * 1024;

/**
 * Until the run is over or the signal says so.
 *
 * @throws UsageError when nobody answers, or the token is another one
 */
export async function readStream(
  address: string,
  token: string,
  show: (shown: ShownRun) => void,
  signal: AbortSignal,
): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  let response: Response;
  try {
    response = await fetch(`${address}/events`, { headers, signal });
  } catch (error) {
    if (signal.aborted) return;
    throw new UsageError(`${address}: nobody answers (${(error as Error).message})`);
  }
  if (!response.ok || response.body === null) throw new UsageError(`${address}: ${(await response.text()).trim()}`);
  let shown: ShownRun | undefined;
  try {
    for await (const { name, data } of eventsIn(response.body)) {
      if (name === "over") return;
      if (name === "snapshot") shown = shownOf(JSON.parse(data) as DashboardSnapshot);
      else if (name === "delta" && shown !== undefined) applyDelta(shown, JSON.parse(data) as DashboardDelta);
      if (shown !== undefined) show(shown);
    }
  } catch (error) {
    if (!signal.aborted) throw new UsageError(`${address}: the runner is gone (${(error as Error).message})`);
  }
}

/** Events of a stream (server-sent events), each with a name and one line of data. */
async function* eventsIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<{ name: string; data: string }> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > EVENT_CHARACTERS_MAX) throw new Error("an event is too long");
    const parts = text.split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const name = /^event: (.*)$/m.exec(part)?.[1];
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (name !== undefined && data !== undefined) yield { name, data };
    }
  }
}
