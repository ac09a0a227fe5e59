/** What the page asks of its server. */
import type { OntDetails, OntFrames } from "../types.ts";

const ANSWER_MS_MAX = 10_000;

export type CommandAnswer = { ok: true } | { ok: false; reason: string };

export type PageCommand =
  | { kind: "pause" | "resume" | "abort" | "release" }
  | { kind: "skip" | "retry"; serial: string }
  | { kind: "rate"; bitsPerSecond: number | null };

export type PaceChange = { speed: number | null } | { stop: true } | { stepMs: number };

/** Sent with an id, so that a second send of the same is not carried out again. */
export const give = (query: string, command: PageCommand): Promise<CommandAnswer> =>
  post(`/commands${query}`, { ...command, id: crypto.randomUUID() });

export const changePace = (query: string, change: PaceChange): Promise<CommandAnswer> => post(`/pace${query}`, change);

async function post(path: string, body: object): Promise<CommandAnswer> {
  const answer = await postFor<object>(path, body);
  return answer.ok ? { ok: true } : answer;
}

export type Answered<Body> = { ok: true; body: Body } | { ok: false; reason: string };

/** What the server answers, or why it does not. */
export async function postFor<Body>(path: string, body: object, mostMs = ANSWER_MS_MAX): Promise<Answered<Body>> {
  const text = JSON.stringify(body);
  const send = (): Promise<Response> =>
    fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-poncast": "1" },
      body: text,
      signal: AbortSignal.timeout(mostMs),
    });
  try {
    // The connection may have been closed while it lay idle: once more, with the same id.
    const response = await send().catch((error: Error) => {
      if (error.name === "TimeoutError") throw error;
      return send();
    });
    if (response.ok) return { ok: true, body: (await response.json()) as Body };
    const { error } = (await response.json()) as { error?: string };
    return { ok: false, reason: error ?? `HTTP ${response.status}` };
  } catch {
    return { ok: false, reason: "nobody answers" };
  }
}

/** @returns undefined: it cannot be had now */
export async function detailsOf(query: string, ont: number): Promise<OntDetails | undefined> {
  try {
    const response = await fetch(`/onts/${ont}${query}`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return response.ok ? ((await response.json()) as OntDetails) : undefined;
  } catch {
    return undefined;
  }
}

export async function listOf<T>(path: string): Promise<T | undefined> {
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** Words that a run is found by. */
export const setTags = (run: string, tags: readonly string[]): Promise<CommandAnswer> =>
  post(`/runs/${encodeURIComponent(run)}/tags`, { tags });

/** A run begins when its images are made. */
export const BEGIN_MS_MAX = 60_000;

/** The same run in virtual time once more, from its seed, to this time. */
export const rewind = (run: string, seconds: number): Promise<Answered<{ run: string }>> =>
  postFor(`/runs/${encodeURIComponent(run)}/rewind`, { id: crypto.randomUUID(), seconds }, BEGIN_MS_MAX);

export const framesOf = (query: string, ont: number): Promise<OntFrames | undefined> =>
  listOf<OntFrames>(`/onts/${ont}/frames${query}`);
