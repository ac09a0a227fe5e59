/** Who downloads when: the groups one after the other, then single ONTs, a bounded number at a time. */
import {
  ANY_INSTANCE,
  nextWindowBase,
  RECOVERY,
  RESULT,
  SOFTWARE_IMAGE,
  unpackAttributes,
  type MessageSet,
  GROUP_TCI_FIRST,
  maskOf,
  RECOVERY_INSTANCE,
} from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import { messageSetFor } from "./eligibility.ts";
import { ABORT_CRC32, endDownload, type Outcome } from "./end.ts";
import { type Departure, Group } from "./group.ts";
import type { Session } from "./session.ts";
import { UnicastDownload } from "./unicast-download.ts";
import { lastSectionOf, type WindowInFlight } from "./window-jobs.ts";

interface Waiting {
  session: Session;
  /** Window that was under way when it left the group, to go on where it stands; null: from the beginning. */
  left: WindowInFlight | null;
}

/** How far a download came before it failed. */
interface Reached {
  progressed: boolean;
  window: WindowInFlight | null;
}

export class Downloads {
  readonly #context: OltContext;
  readonly #lost: (session: Session, nowNs: number) => void;
  #groups: Group[] = [];
  #queue: Waiting[] = [];
  readonly #single = new Set<number>();
  readonly #ending = new Set<number>();
  #groupTci = GROUP_TCI_FIRST;

  /** @param lost the ONT fell silent: it may come back by ranging. */
  constructor(context: OltContext, lost: (session: Session, nowNs: number) => void) {
    this.#context = context;
    this.#lost = lost;
  }

  get group(): Group | undefined {
    return this.#groups[0];
  }

  /** Neither a group nor a single download, nor anything that waits for one. */
  get idle(): boolean {
    return this.#groups.length === 0 && this.#queue.length === 0 && this.#single.size === 0 && this.#ending.size === 0;
  }

  /** Whether the group phase, Ends included, is over (or there was none). */
  get groupsDone(): boolean {
    return this.#groups.length === 0;
  }

  /** The first download of the ONTs that are there. */
  begin(sessions: readonly Session[], nowNs: number): void {
    if (this.#context.config.mode === "unicast") {
      for (const session of sessions) this.add(session, nowNs);
      return;
    }
    const sets = new Map<string, Session[]>();
    for (const session of sessions) {
      const key = `${this.#messageSetOf(session)}/${this.#instanceOf(session)}`;
      const members = sets.get(key);
      if (members) members.push(session);
      else sets.set(key, [session]);
    }
    for (const members of sets.values()) {
      const target = {
        messageSet: this.#messageSetOf(members[0]),
        instanceId: this.#instanceOf(members[0]),
      };
      this.#groups.push(this.#newGroup(members, target));
    }
    this.#startGroup(nowNs);
  }

  /** An ONT that downloads alone: late, back from a reboot, or in unicast mode. */
  add(session: Session, nowNs: number, left: WindowInFlight | null = null): void {
    session.enter({ phase: "ready" });
    this.#queue.push({ session, left });
    this.#pump(nowNs);
  }

  /** The ONT is gone: nothing of its download goes on. */
  remove(session: Session, nowNs: number): void {
    this.#queue = this.#queue.filter((waiting) => waiting.session !== session);
    this.#ending.delete(session.onuId);
    const wasSingle = this.#single.delete(session.onuId);
    this.group?.remove(session, nowNs);
    if (wasSingle) this.#pump(nowNs);
  }

  handleTimeout(nowNs: number): void {
    this.group?.handleTimeout(nowNs);
  }

  nextTimeoutNs(): number {
    return this.group?.nextTimeoutNs() ?? Infinity;
  }

  #messageSetOf(session: Session): MessageSet {
    return messageSetFor(this.#context.config, session.facts);
  }

  #instanceOf(session: Session): number {
    return this.#context.config.instance === "any" ? ANY_INSTANCE : session.targetInstance;
  }

  #newGroup(sessions: readonly Session[], target: { messageSet: MessageSet; instanceId: number }): Group {
    return new Group(this.#context, sessions, target, {
      onDeparture: (session, departure, atNs) => this.#departed(session, departure, atNs),
      onComplete: (members, atNs) => this.#groupComplete(members, atNs),
    });
  }

  #startGroup(nowNs: number): void {
    this.group?.start(nowNs, this.#groupTci);
  }

  #groupComplete(members: readonly Session[], nowNs: number): void {
    const group = this.#groups.shift();
    // The next group's Starts go on behind this one's sections, so that their chains never meet.
    if (group) this.#groupTci = nextWindowBase(group.lastTci);
    for (const session of members) this.#end(session, nowNs);
    if (this.#groups.length > 0) this.#startGroup(nowNs);
    else this.#pump(nowNs);
  }

  #departed(session: Session, departure: Departure, nowNs: number): void {
    this.#context.counters.repairsByReason.straggler++;
    const { kind, cause, window } = departure;
    if (kind === "refused" && (window === null || window.firstSection === 0))
      return session.enter({ phase: "failed", cause });
    if (kind === "silent" && window === null) return this.#lost(session, nowNs);
    const canResume =
      this.#context.config.instance === "any" && session.facts.extension !== "none" && kind !== "refused";
    session.cancelRequest();
    this.#context.outbox.drop(session.onuId, nowNs);
    this.add(session, nowNs, canResume ? window : null);
  }

  #pump(nowNs: number): void {
    while (
      this.#groups.length === 0 &&
      this.#queue.length > 0 &&
      this.#single.size < this.#context.config.concurrency
    ) {
      const waiting = this.#queue.shift()!;
      this.#single.add(waiting.session.onuId);
      this.#startSingle(waiting, nowNs);
    }
  }

  #startSingle({ session, left }: Waiting, nowNs: number): void {
    const download = new UnicastDownload(this.#context, session, (outcome, atNs) => {
      const progressed = session.progress.cameFurther();
      this.#singleDone(session, outcome, { progressed, window: download.window }, atNs);
    });
    if (!left) return download.start(nowNs);
    this.#findPlace(session, left, nowNs, (section, atNs) => {
      if (section < 0) download.start(atNs);
      else download.resume(atNs, section, Math.min(lastSectionOf(left) + 1, this.#context.config.windowSections));
    });
  }

  /** Where an ONT that left the group stands: at the window it left in, behind it, or (-1) nobody knows. */
  #findPlace(
    session: Session,
    left: WindowInFlight,
    sinceNs: number,
    then: (section: number, nowNs: number) => void,
  ): void {
    const attributeMask = maskOf(RECOVERY, "windowBase", "lastAcceptedTci");
    const body = { type: "getRequest" as const, attributeMask };
    session.speak(left.messageSet);
    session.request(
      body,
      { classId: RECOVERY, instanceId: RECOVERY_INSTANCE },
      {
        onSilent: (atNs) => {
          const goesOn = session.online && atNs - sinceNs < this.#context.config.limits.returnWaitNs;
          if (goesOn) this.#findPlace(session, left, sinceNs, then);
          else then(-1, atNs);
        },
        onAnswer: (message, atNs) => {
          if (message.type !== "getResponse" || message.result !== RESULT.ok) return then(-1, atNs);
          const place = unpackAttributes(RECOVERY, message.attributeMask, message.values);
          if (place.lastAcceptedTci === left.baseTci + lastSectionOf(left)) {
            return then(left.firstSection + left.sections, atNs);
          }
          // Nothing of the window came in, or part of it: either way it is the one the ONT waits for.
          const previousTci = left.firstSection === 0 ? 0 : left.baseTci - 1;
          const waitsForIt = place.windowBase === left.baseTci || place.lastAcceptedTci === previousTci;
          then(waitsForIt ? left.firstSection : -1, atNs);
        },
      },
    );
  }

  #singleDone(session: Session, outcome: Outcome, reached: Reached, nowNs: number): void {
    this.#single.delete(session.onuId);
    if (outcome.ok) this.#end(session, nowNs);
    else this.#retry(session, outcome, reached, nowNs);
    this.#pump(nowNs);
  }

  #end(session: Session, nowNs: number): void {
    this.#ending.add(session.onuId);
    endDownload(this.#context, session, nowNs, (outcome, atNs) => {
      this.#ending.delete(session.onuId);
      if (!outcome.ok) this.#retry(session, outcome, { progressed: false, window: null }, atNs);
      this.#pump(atNs);
    });
  }

  /** Again from the beginning, a limited number of times; a refused image is not sent a second time. */
  #retry(session: Session, failure: Extract<Outcome, { ok: false }>, reached: Reached, nowNs: number): void {
    const { restartsMax } = this.#context.config.limits;
    const { progress } = session;
    if (reached.progressed) progress.forgiveRestarts();
    const imageRefused =
      !failure.silent && failure.incomplete !== true && (session.is("judgesImage") || progress.bytesDone === 0);
    if (imageRefused) {
      this.#abort(session);
      return session.enter({ phase: "failed", cause: failure.cause });
    }
    if (progress.restarts >= restartsMax) {
      if (failure.silent) return this.#lost(session, nowNs);
      this.#abort(session);
      return session.enter({ phase: "failed", cause: `${failure.cause}, after ${progress.restarts} restarts` });
    }
    progress.restart();
    // Silence alone is no reason to begin again, where the ONT can tell how far it is.
    const resume = failure.silent && session.facts.extension !== "none" ? reached.window : null;
    if (!resume) progress.reach(0);
    this.add(session, nowNs, resume);
  }

  /** End with a size and CRC known to be wrong brings both sides back to S1 (docs/reference.md, 3); best effort. */
  #abort(session: Session): void {
    const body = {
      type: "endDownloadRequest" as const,
      crc32: ABORT_CRC32,
      imageBytes: 0,
      instances: [session.targetInstance],
    };
    session.request(
      body,
      { classId: SOFTWARE_IMAGE, instanceId: session.targetInstance },
      {
        once: { doublings: 0 },
        onAnswer: () => undefined,
        onSilent: () => undefined,
      },
    );
  }
}
