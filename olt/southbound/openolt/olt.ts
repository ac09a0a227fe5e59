/** A run of the OLT core over the ONUs behind an OpenOLT server. */
import type { ImageSource } from "../../../image/index.ts";
import type { LinkTraffic } from "../../../pon/index.ts";
import { createOlt } from "../../core/olt.ts";
import type { Olt, OltCommand, OltCommandOutcome, OltConfig, OltEvent, OltStatus } from "../../core/types.ts";
import { OltLoop } from "../../loop.ts";
import { type OpenOltOnu, OpenOltSouthbound, type OpenOltWay } from "./southbound.ts";

export interface OpenOltOptions extends Pick<OpenOltWay, "address" | "nowNs"> {
  image: ImageSource;
  olt: OltConfig;
  onEvent?: (timeNs: number, event: OltEvent) => void;
  /** Sees every frame, as the server takes and gives it: without trailer. */
  onFrame?: OpenOltWay["onFrame"];
  /** Something happened. */
  onTurn?: () => void;
}

/** Our OLT core in unicast mode: that interface has no multicast. One stream serves all ONUs. */
export class OpenOltRun {
  /** Settles when the core is done (empty) or the server is gone (why, in one line). */
  readonly ended: Promise<string>;
  readonly #core: Olt;
  readonly #southbound: OpenOltSouthbound;
  readonly #loop: OltLoop;
  readonly #nowNs: () => number;

  constructor({ address, image, olt, nowNs, onEvent, onFrame, onTurn }: OpenOltOptions) {
    let end: (cause: string) => void = () => undefined;
    this.ended = new Promise((done) => (end = done));
    const core = createOlt({ ...olt, mode: "unicast" }, image);
    this.#core = core;
    this.#nowNs = nowNs;
    this.#southbound = new OpenOltSouthbound({ address, nowNs, onFrame, onEnd: end });
    this.#loop = new OltLoop(core, this.#southbound, nowNs, {
      event: (timeNs, event) => onEvent?.(timeNs, event),
      afterTurn: () => {
        onTurn?.();
        if (core.finished) end("");
      },
    });
  }

  get onus(): readonly OpenOltOnu[] {
    return this.#southbound.onus;
  }

  get downstream(): LinkTraffic {
    return this.#southbound.downstream;
  }

  get upstream(): LinkTraffic {
    return this.#southbound.upstream;
  }

  /** Connects. @throws Error in one line when nobody answers */
  async start(): Promise<void> {
    try {
      await this.#southbound.start();
    } catch (error) {
      this.stop();
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

  stop(): void {
    this.#loop.stop();
    this.#southbound.close();
  }
}
