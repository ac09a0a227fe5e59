/** Runs cases against a target and comes to a verdict on each. Knows no file, no terminal and no report format. */
import type { MessageSet } from "../../omci/index.ts";
import type { ConformCase } from "./case.ts";
import type { EvidenceFrame } from "./evidence.ts";
import { CannotTest, CaseFailure } from "./failure.ts";
import { type CaseFault, type CaseOutcome, type CaseReport, failedOutcome } from "./outcome.ts";
import { prepare } from "./preconditions.ts";
import { Tester } from "./tester.ts";
import { type ConformImage, limits, type Target, type Transport } from "./transport.ts";

export interface CaseRunOptions {
  target: Target;
  messageSet: MessageSet;
  image: ConformImage | undefined;
  onCase?: (report: CaseReport) => void;
  /** Sees every frame of a case. */
  onFrame?: (each: ConformCase, frame: EvidenceFrame) => void;
  captures?: CaseCaptures;
  /** Brings a target that died back; without it the cases behind are skipped. @throws CannotTest */
  restart?: () => Promise<void>;
  signal?: AbortSignal;
}

/** Where the frames of every case go, as they were on the line. */
export interface CaseCaptures {
  frame(each: ConformCase, frame: EvidenceFrame, transport: Transport): void;
  /** The case is over. @returns the file its frames are in; undefined when there is none */
  finish(report: CaseReport): string | undefined;
  /** The run is over; a case that is not is left out. */
  close(): void;
}

/** Between tries to reach a port where nobody listens; three of them are told within 2 s. */
const REFUSED_PAUSE_MS = 500;
const FRAMES_REPORTED = 12;

/** Runs cases one after the other and tells how each ended; never throws for anything the ONT does. */
export async function runCases(cases: readonly ConformCase[], options: CaseRunOptions): Promise<CaseReport[]> {
  const reports: CaseReport[] = [];
  const session = new Session(options);
  const { signal } = options;
  const aborted = new Promise<undefined>((resolve) => signal?.addEventListener("abort", () => resolve(undefined)));
  try {
    for (const each of cases) {
      if (signal?.aborted === true) break;
      const report = await Promise.race([session.run(each), aborted]);
      if (report === undefined) break;
      const capture = options.captures?.finish(report);
      if (capture !== undefined) report.capture = capture;
      reports.push(report);
      options.onCase?.(report);
    }
  } finally {
    await session.close();
    options.captures?.close();
  }
  return reports;
}

/** What goes from one case to the next with an ONT that is not fresh each time. */
class Session {
  readonly #options: CaseRunOptions;
  #transport: Transport | undefined;
  #restarting = false;
  #mayDownload = false;
  #tci: number | undefined;
  /** It has answered at least once. */
  #wasHeard = false;
  /** Why there is no ONT to test any more. */
  #gone: string | undefined;
  #isDead = false;
  /** Why the target has no use for the image. */
  #imageRefusal: string | undefined;
  #imageTried = false;

  constructor(options: CaseRunOptions) {
    this.#options = options;
  }

  async close(): Promise<void> {
    await this.#transport?.close();
    this.#transport = undefined;
  }

  async run(each: ConformCase): Promise<CaseReport> {
    const { target } = this.#options;
    if (target.isFreshEachCase) await this.close();
    await this.#revive();
    this.#transport ??= await target.open();
    const transport = this.#transport;
    const startNs = transport.nowNs();
    const tester = this.#tester(transport, each);
    let outcome = await this.#outcome(tester, each);
    const death = this.#gone === undefined ? deathOf(tester, outcome) : undefined;
    if (death !== undefined) outcome = this.#died(each, death, outcome);
    this.#restarting = tester.restarting;
    this.#mayDownload = tester.download.mayRun;
    this.#tci = tester.link.tci;
    const { id, title, clause, basis } = each;
    return {
      id,
      title,
      clause,
      basis,
      ...outcome,
      frames: tester.evidence.count,
      durationNs: transport.nowNs() - startNs,
    };
  }

  /** What the case was about is not what it shows. */
  #died({ id }: ConformCase, death: string, { fault, cause }: CaseOutcome): CaseOutcome {
    this.#gone = `the target died in case ${id}: ${death}; --restart-command goes on`;
    this.#isDead = true;
    const text = fault?.text ?? cause;
    const seen = text === undefined || text === death ? "" : `; seen as: ${text}`;
    return { verdict: "died", cause: `the target died in this case: ${death}${seen}` };
  }

  /** A target that died is started again, and met as one that nobody knows. */
  async #revive(): Promise<void> {
    const { restart } = this.#options;
    if (!this.#isDead || restart === undefined) return;
    this.#isDead = false;
    try {
      await restart();
      await this.close();
      this.#transport = await this.#options.target.open();
      this.#gone = undefined;
      this.#restarting = false;
      this.#mayDownload = false;
    } catch (error) {
      this.#gone = `the target did not come back: ${(error as Error).message}`;
    }
  }

  #tester(transport: Transport, each: ConformCase): Tester {
    const { target, messageSet, image } = this.#options;
    const onFrame = this.#watcher(transport, each);
    const tester = new Tester({
      transport,
      messageSet,
      image,
      ...(target.isFreshEachCase || this.#tci === undefined ? {} : { tci: this.#tci }),
      ...(onFrame && { onFrame }),
    });
    if (target.isFreshEachCase) return tester;
    tester.restarting = this.#restarting;
    tester.download.mayRun = this.#mayDownload;
    return tester;
  }

  #watcher(transport: Transport, each: ConformCase): ((frame: EvidenceFrame) => void) | undefined {
    const { onFrame, captures } = this.#options;
    if (onFrame === undefined && captures === undefined) return undefined;
    return (frame) => {
      onFrame?.(each, frame);
      captures?.frame(each, frame, transport);
    };
  }

  async #outcome(tester: Tester, each: ConformCase): Promise<CaseOutcome> {
    if (this.#gone !== undefined) return { verdict: "skip", cause: this.#gone };
    try {
      await this.#contact(tester);
      await this.#tryImage(tester, each);
      await prepare(tester, each);
      for (const [index, { run }] of each.steps.entries()) {
        tester.evidence.step = index + 1;
        await run(tester);
      }
      return { verdict: "pass" };
    } catch (error) {
      return failedOutcome(error, (failure) => faultOf(failure, tester, each));
    }
  }

  /** The ONT has to answer at all. @throws CaseFailure, once; what follows is skipped */
  async #contact(tester: Tester): Promise<void> {
    if (tester.restarting) {
      try {
        return await tester.untilUp();
      } catch (error) {
        if (error instanceof CaseFailure) this.#gone = `the ONT is gone: ${error.message}`;
        throw error;
      }
    }
    let last: unknown;
    tester.link.endsRefused = !this.#wasHeard;
    for (let tries = 0; tries < limits.contactTries; tries++) {
      try {
        await tester.images.read(0);
        this.#wasHeard = true;
        tester.link.endsRefused = false;
        return;
      } catch (error) {
        if (!(error instanceof CaseFailure)) throw error;
        last = error;
        if (error.key !== "no-answer" && error.key !== "unreadable-answer") throw error;
        // It may be about to begin.
        if (tester.link.endsRefused && tester.link.transport.isRefused) await tester.link.pause(REFUSED_PAUSE_MS);
      }
    }
    if (!this.#options.target.isFreshEachCase) this.#gone = await this.#whyGone(tester, last as CaseFailure);
    throw last;
  }

  async #whyGone(tester: Tester, { message }: CaseFailure): Promise<string> {
    if (this.#transport?.lost !== undefined) return this.#transport.lost;
    if (this.#transport?.isRefused === true) return message;
    if (!tester.isExtended) return `the ONT does not answer: ${message}`;
    tester.link.messageSet = "baseline";
    try {
      await tester.images.read(0);
      return "the ONT answers baseline messages alone; run it with --message-set baseline";
    } catch {
      return `the ONT does not answer: ${message}`;
    }
  }

  /** The first case that needs the image finds out whether this ONT takes it at all. */
  async #tryImage(tester: Tester, { preconditions }: ConformCase): Promise<void> {
    const { target, image } = this.#options;
    const wantsImage = preconditions.some((each) => each === "image" || each === "stored" || each === "trial");
    if (!wantsImage || image === undefined || target.isFreshEachCase) return;
    if (!this.#imageTried) {
      this.#imageTried = true;
      this.#imageRefusal = await refusalOf(tester);
    }
    if (this.#imageRefusal !== undefined) throw new CannotTest(this.#imageRefusal);
  }
}

/** Downloads the image plainly. @returns how the ONT refused it; undefined when it took it or failed otherwise */
async function refusalOf(tester: Tester): Promise<string | undefined> {
  try {
    tester.evidence.note("a plain download, which tells whether this ONT takes the image at all");
    await prepare(tester, { preconditions: ["image", "free"] });
    // Small windows: what is asked is whether the image is right, not whether the ONT copes.
    await tester.download.whole({ windowSections: 4 });
    return undefined;
  } catch (error) {
    // Silence and nonsense are the cases' to judge; an error result to good data says that the image is not for this ONT.
    if (!(error instanceof CaseFailure) || error.key !== "wrongly-refused") return undefined;
    return `the ONT refuses the image: ${error.message}`;
  }
}

function deathOf({ link }: Tester, { verdict, fault }: CaseOutcome): string | undefined {
  const { lost, isRefused = false } = link.transport;
  if (lost !== undefined) return lost;
  // It answered in this case, and does not listen any more.
  const isSilent = link.inbox.length > 0 && (verdict === "skip" || fault?.key === "no-answer");
  return isRefused && isSilent ? "its port refuses frames" : undefined;
}

function faultOf(error: CaseFailure, tester: Tester, each: ConformCase): CaseFault {
  const { key, message: text, frame, clause = each.clause } = error;
  const frames = frame === 0 ? [] : tester.evidence.upTo(frame, FRAMES_REPORTED);
  return { key, text, clause, step: tester.evidence.step, frame, frames };
}
