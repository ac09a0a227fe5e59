/** A run of the OLT core over somebody else's ONTs, on a way that has no multicast. */
import type { ImageSource } from "../../image/index.ts";
import type { LinkTraffic } from "../../pon/index.ts";
import { createOlt } from "../core/olt.ts";
import type { Olt, OltCommand, OltCommandOutcome, OltConfig, OltEvent, OltStatus } from "../core/types.ts";
import { OltLoop } from "../loop.ts";
import { type LastWord, lastWords } from "./last-words.ts";
import type { RealTimeSouthbound } from "./southbound.ts";

export interface UnicastRunOptions {
  image: ImageSource;
  olt: OltConfig;
  /** Nanoseconds since the start of the run. */
  nowNs: () => number;
  onEvent?: (timeNs: number, event: OltEvent) => void;
  /** Something happened. */
  onTurn?: () => void;
}

/** A way that is opened when the run starts. */
export interface StartedSouthbound extends RealTimeSouthbound {
  /** @throws Error in one line when there is no way */
  start(): Promise<void>;
  close(): void;
  /** Closes it, and gives back what was taken for the run. @param words said before, and answered or not */
  leave?(words: readonly LastWord[]): Promise<void>;
}

/** Our OLT core in unicast mode. */
export class UnicastRun<Way extends StartedSouthbound> {
  /** Settles when the core is done (empty) or the way is gone (why, in one line). */
  readonly ended: Promise<string>;
  protected readonly southbound: Way;
  readonly #core: Olt;
  readonly #image: ImageSource;
  readonly #loop: OltLoop;
  readonly #nowNs: () => number;

  /** @param wayOf makes the way; it is told whom to call when the way is gone */
  constructor(
    { image, olt, nowNs, onEvent, onTurn }: UnicastRunOptions,
    wayOf: (onEnd: (cause: string) => void) => Way,
  ) {
    let end: (cause: string) => void = () => undefined;
    this.ended = new Promise((done) => (end = done));
    const core = createOlt({ ...olt, mode: "unicast", asksBeforeRepeat: true }, image);
    this.#core = core;
    this.#image = image;
    this.#nowNs = nowNs;
    this.southbound = wayOf(end);
    this.#loop = new OltLoop(core, this.southbound, nowNs, {
      event: (timeNs, event) => onEvent?.(timeNs, event),
      afterTurn: () => {
        onTurn?.();
        if (core.finished) end("");
      },
    });
  }

  get downstream(): LinkTraffic {
    return this.southbound.downstream;
  }

  get upstream(): LinkTraffic {
    return this.southbound.upstream;
  }

  /** @throws Error in one line when there is no way */
  async start(): Promise<void> {
    try {
      await this.southbound.start();
    } catch (error) {
      this.#loop.stop();
      this.southbound.close();
      throw error;
    }
    this.#loop.schedule();
  }

  status(): OltStatus {
    return this.#core.status();
  }

  handleCommand(command: OltCommand): OltCommandOutcome {
    const outcome = this.#core.handleCommand(this.#nowNs(), command);
    this.#loop.schedule();
    return outcome;
  }

  /** Ends it, and gives back what was taken for it. */
  async stop(): Promise<void> {
    this.#loop.stop();
    if (this.southbound.leave) await this.southbound.leave(lastWords(this.#core.status(), this.#image));
    else this.southbound.close();
  }
}
