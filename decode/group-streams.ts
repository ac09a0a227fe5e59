/** The streams on broadcast ports: which group sends what, by its Starts and its sections. */
import { BROADCAST, type Stream, type StreamOptions } from "./stream.ts";

/** Groups whose Starts were seen, but no section. */
const GROUP_STARTS_MAX = 64;

export class GroupStreams {
  readonly #makeStream: (options: StreamOptions) => Stream;
  /** By port and image instance. */
  readonly #streams = new Map<string, Stream>();
  /** Image size by port and base of the group's first window. */
  readonly #starts = new Map<string, number>();

  constructor(makeStream: (options: StreamOptions) => Stream) {
    this.#makeStream = makeStream;
  }

  /** Of one port. */
  of(pon: number | string): Stream[] {
    return [...this.#streams.values()].filter((stream) => stream.pon === pon);
  }

  /** The stream of a port that has a window of this base under way, or has just taken it in. */
  known(pon: number | string, base: number): Stream | undefined {
    for (const stream of this.#streams.values()) if (stream.pon === pon && stream.knows(base)) return stream;
    return undefined;
  }

  /** A Start of a group whose first window will have this base. */
  noteStart(pon: number | string, base: number, imageBytes: number): void {
    this.#starts.set(`${pon}/${base}`, imageBytes);
    const [oldest] = this.#starts.keys();
    if (this.#starts.size > GROUP_STARTS_MAX) this.#starts.delete(oldest);
  }

  /** The stream that a section of this window belongs to. @param onNoStart it begins a stream of which no Start was seen */
  streamOf(pon: number | string, instanceId: number, base: number, onNoStart: () => void): Stream {
    const key = `${pon}/${instanceId}`;
    const before = this.#streams.get(key);
    if (before?.knows(base)) return before;
    const startKey = `${pon}/${base}`;
    const imageBytes = this.#starts.get(startKey);
    if (imageBytes === undefined && before !== undefined) return before;
    if (imageBytes === undefined) onNoStart();
    this.#starts.delete(startKey);
    const stream = this.#makeStream({ pon, onuId: BROADCAST, imageBytes });
    this.#streams.set(key, stream);
    return stream;
  }
}
