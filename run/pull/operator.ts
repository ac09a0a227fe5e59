/** An operator's commands to a run whose headend is a depot or an ACS: the same as to an OLT, as far as such a headend can carry them out. */
import type { HeadendCommand } from "../../headend/depot/process/index.ts";
import { ABORTED, type OltCommand, type OltCommandOutcome, type OltEvent, SKIPPED } from "../../olt/core/types.ts";
import type { UpdateEnds } from "./ends.ts";

const ALL = -1;

export interface HeadendOperatorOptions {
  /** What it is called; undefined: there is none. */
  headend: string | undefined;
  ends: UpdateEnds;
  /** Serial numbers, by number of the ONT. */
  serials: readonly string[];
  /** What the headend calls them. */
  devices: readonly string[];
  /** Calls `done` when it counts, at once or later. */
  carryOut: (command: HeadendCommand, done: () => void) => void;
  /** Who asked what, and what came of it. */
  tell: (event: OltEvent) => void;
}

export class HeadendOperator {
  readonly #options: HeadendOperatorOptions;
  /** Of commands that had an id. */
  readonly #outcomes = new Map<string, Promise<OltCommandOutcome>>();

  constructor(options: HeadendOperatorOptions) {
    this.#options = options;
  }

  /** The same id again is the same command. */
  command(asked: OltCommand): Promise<OltCommandOutcome> {
    const { id } = asked;
    const known = id === undefined ? undefined : this.#outcomes.get(id);
    if (known !== undefined) return known;
    const outcome = this.#command(asked);
    if (id !== undefined) this.#outcomes.set(id, outcome);
    return outcome;
  }

  #command(asked: OltCommand): Promise<OltCommandOutcome> {
    const { ends, carryOut } = this.#options;
    const ont = asked.kind === "skip" || asked.kind === "retry" ? this.#numberOf(asked) : ALL;
    const reason = this.#whyNot(asked, ont);
    if (reason !== "" || ont === undefined) {
      this.#tell(asked, ont, reason);
      return Promise.resolve({ accepted: false, reason });
    }
    return new Promise((resolve) => {
      carryOut(this.#headendCommand(asked, ont), () => {
        if (asked.kind === "pause" || asked.kind === "resume") ends.isPaused = asked.kind === "pause";
        if (asked.kind === "abort") ends.handleAborted(ABORTED);
        if (asked.kind === "skip") ends.handleSkipped(ont, SKIPPED);
        this.#tell(asked, ont, "");
        resolve({ accepted: true });
      });
    });
  }

  #whyNot({ kind }: OltCommand, ont: number | undefined): string {
    const { ends, headend } = this.#options;
    if (headend === undefined) return "commands are for an OLT";
    if (kind === "rate") return `${headend}'s limits are those of the scenario`;
    if (kind === "release") return `${headend} has no waves`;
    if (kind === "retry") return `${headend} takes nobody up again: ONTs ask by themselves until they have ended`;
    if (ends.isFinished) return "the run is over";
    if (ont === undefined) return "there is no such ONT";
    return ont !== ALL && ends.hasEnded(ont) ? "its update has ended" : "";
  }

  #numberOf({ serial, onuId = ALL }: Extract<OltCommand, { kind: "skip" | "retry" }>): number | undefined {
    const { serials } = this.#options;
    const ont = serial === undefined ? onuId : serials.indexOf(serial);
    return ont >= 0 && ont < serials.length ? ont : undefined;
  }

  #headendCommand({ kind }: OltCommand, ont: number): HeadendCommand {
    if (kind === "pause" || kind === "resume") return { kind };
    return { kind: "leaveOut", ...(kind === "skip" && { device: this.#options.devices[ont] }) };
  }

  #tell({ kind, by = "", id = "" }: OltCommand, ont = ALL, refused = ""): void {
    this.#options.tell({ type: "command", command: kind, onuId: ont, by, id, refused });
  }
}
