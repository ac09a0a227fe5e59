/** The run that the page shows, and whether its server is there: from the stream, for all parts of the page. */
import { applyDelta, type ShownRun, shownOf } from "../model/apply.ts";
import type { DashboardDelta, DashboardSnapshot } from "../types.ts";

/** Said nothing for so long: it beats every second. */
const SILENT_MS = 2500;
const LOOK_MS = 500;
const AGAIN_MS = 700;

export type StreamLink =
  | { kind: "opening" }
  | { kind: "open" }
  /** The run's server is gone, or says nothing. */
  | { kind: "lost"; sinceMs: number }
  /** It has said that nothing follows. */
  | { kind: "over" }
  /** Another one listens there now, which has another token. */
  | { kind: "stranger" }
  /** Nothing goes on there. */
  | { kind: "none" };

type Listener = () => void;

/** One stream, opened again and again until the page is left. */
export class RunStore {
  shown: ShownRun | undefined;
  link: StreamLink = { kind: "opening" };
  /** Cells that have changed since somebody took them; undefined = all. */
  #changed: number[] | undefined;
  readonly #name: string | undefined;
  readonly #listeners = new Set<Listener>();
  #source: EventSource | undefined;
  #lastEventId = "";
  #heardMs = 0;
  #isTelling = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #watch: ReturnType<typeof setInterval>;

  /** @param name undefined = the run of the server's own process */
  constructor(name: string | undefined) {
    this.#name = name;
    this.#watch = setInterval(() => this.#look(), LOOK_MS);
    this.#open();
  }

  close(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#again);
    this.#source?.close();
    this.#listeners.clear();
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The query by which the server knows which run is meant. */
  get query(): string {
    return this.#name === undefined ? "" : `?run=${encodeURIComponent(this.#name)}`;
  }

  takeChanged(): number[] | undefined {
    const changed = this.#changed;
    this.#changed = [];
    return changed;
  }

  #open(): void {
    const query = new URLSearchParams(this.#name === undefined ? {} : { run: this.#name });
    if (this.#lastEventId !== "") query.set("last", this.#lastEventId);
    const source = (this.#source = new EventSource(`/events?${query}`));
    this.#heardMs = performance.now();
    source.addEventListener("snapshot", (event) => {
      this.shown = shownOf(JSON.parse(event.data as string) as DashboardSnapshot);
      this.#changed = undefined;
      this.#heard(event.lastEventId);
    });
    source.addEventListener("delta", (event) => {
      const delta = JSON.parse(event.data as string) as DashboardDelta;
      if (this.shown === undefined) return;
      applyDelta(this.shown, delta);
      for (let at = 0; at < delta.cells.length; at += 3) this.#changed?.push(delta.cells[at]);
      this.#heard(event.lastEventId);
    });
    source.addEventListener("beat", () => this.#heard(this.#lastEventId));
    source.addEventListener("over", () => {
      this.#set({ kind: "over" });
      this.#reopen();
    });
    source.onerror = () => this.#failed();
  }

  #heard(lastEventId: string): void {
    this.#lastEventId = lastEventId;
    this.#heardMs = performance.now();
    this.link = { kind: "open" };
    this.#tell();
  }

  #look(): void {
    const isSilent = this.link.kind === "open" && performance.now() - this.#heardMs > SILENT_MS;
    if (isSilent) this.#set({ kind: "lost", sinceMs: Date.now() });
  }

  #failed(): void {
    if (this.link.kind === "open" || this.link.kind === "opening") this.#set({ kind: "lost", sinceMs: Date.now() });
    this.#reopen();
  }

  #reopen(): void {
    this.#source?.close();
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.#ask(), AGAIN_MS);
  }

  /** Whether there is somebody, and who: a stream that is refused does not say why. */
  async #ask(): Promise<void> {
    try {
      const { status } = await fetch(`/status${this.query}`, { signal: AbortSignal.timeout(SILENT_MS) });
      if (status === 200) return this.#open();
      if (status === 401) this.#set({ kind: "stranger" });
      if (status === 404 && this.shown === undefined) this.#set({ kind: "none" });
    } catch {
      // Nobody is there.
    }
    this.#reopen();
  }

  #set(link: StreamLink): void {
    this.link = link;
    this.#tell();
  }

  /** Once a frame at most. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    requestAnimationFrame(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
