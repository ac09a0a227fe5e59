/** Who downloads when: the groups one after the other, catch-up groups behind them, and single ONTs, a bounded number at a time. */
import { ANY_INSTANCE, GROUP_TCI_FIRST, nextWindowBase } from "../../omci/index.ts";
import { CatchUp, type Missing, type Waiting } from "./catch-up.ts";
import type { OltContext } from "./context.ts";
import { messageSetFor } from "./eligibility.ts";
import { abortDownload, endDownload, type Outcome } from "./end-software-download.ts";
import { type Departure, Group } from "./group.ts";
import { type GroupTarget, keyOf } from "./group-target.ts";
import { mayCatchUp } from "./policy.ts";
import { isWhole, learnHeld } from "./held.ts";
import { askWhy } from "./refusal.ts";
import { choosePayload } from "./payload-choice.ts";
import type { Session } from "./session.ts";
import { type Reached, SingleDownloads } from "./single-downloads.ts";
import type { WindowInFlight } from "./window-jobs.ts";

export class Downloads {
  readonly #context: OltContext;
  readonly #lost: (session: Session, nowNs: number) => void;
  readonly #catchUp: CatchUp;
  #groups: Group[] = [];
  /** Of `groups`, those of the first download. */
  #firstGroups = 0;
  readonly #singles: SingleDownloads;
  #isBegun = false;
  /** They are told that another payload comes. */
  readonly #announcing = new Set<Session>();
  readonly #ending = new Set<number>();
  /** Of `ending`, those that rebuild from a delta. */
  readonly #rebuilding = new Set<number>();
  /** Of `ending`, those of a catch-up group. */
  readonly #endingTogether = new Set<number>();
  #groupTci = GROUP_TCI_FIRST;

  /** @param lost the ONT fell silent: it may come back by ranging. */
  constructor(context: OltContext, lost: (session: Session, nowNs: number) => void) {
    this.#context = context;
    this.#lost = lost;
    this.#singles = new SingleDownloads(context, (...done) => this.#singleDone(...done));
    this.#catchUp = new CatchUp(context, (session) => this.#targetOf(session));
  }

  /** The group of the first download that is under way. */
  get firstGroup(): Group | undefined {
    return this.#firstGroups > 0 ? this.#group : undefined;
  }

  get #group(): Group | undefined {
    return this.#groups[0];
  }

  /** Neither a group nor a single download, nor anything that waits for one. */
  get idle(): boolean {
    const isQuiet = this.#groups.length === 0 && this.#singles.isIdle && this.#catchUp.isEmpty;
    return isQuiet && this.#ending.size === 0 && this.#announcing.size === 0;
  }

  /** Whether the groups of the first download are over (or there were none). */
  get firstGroupsDone(): boolean {
    return this.#firstGroups === 0;
  }

  /** Members of a catch-up group are at its end: the next stage of the rollout is for all of them. */
  get isEndingTogether(): boolean {
    return this.#endingTogether.size > 0;
  }

  /** The first download of the ONTs that are there. */
  begin(sessions: readonly Session[], nowNs: number): void {
    if (this.#context.config.mode === "unicast") {
      for (const session of sessions) this.add(session, nowNs);
      return;
    }
    const sets = new Map<string, Session[]>();
    // Whose link is known to be bad holds up nobody.
    const poor = sessions.filter(({ poorLinkLoss }) => poorLinkLoss > 0);
    for (const session of sessions) {
      if (poor.includes(session)) continue;
      const key = keyOf(this.#targetOf(session));
      const members = sets.get(key);
      if (members) members.push(session);
      else sets.set(key, [session]);
    }
    for (const members of sets.values()) this.#groups.push(this.#newGroup(members, this.#targetOf(members[0])));
    this.#firstGroups = this.#groups.length;
    this.#isBegun = true;
    this.#startGroup(nowNs);
    for (const session of poor) this.add(session, nowNs);
  }

  /** An ONT that is late, or back from a reboot, or starts again: it shares the next group, or, in unicast mode, goes alone. */
  add(session: Session, nowNs: number, left: WindowInFlight | null = null): void {
    if (!mayCatchUp(this.#context.config, session.progress.departures)) return this.#addAlone({ session, left }, nowNs);
    if (this.#group !== undefined && this.#mayJoin(session, this.#group)) return this.#group.join(session, nowNs);
    this.#wait(session, left, nowNs);
  }

  /** It takes windows in any order, and is there for the first time in a group; one with a bad link comes back to one. */
  #mayJoin(session: Session, group: Group): boolean {
    const isWelcome = session.progress.departures === 0 || session.poorLinkLoss > 0;
    return session.facts.canPlace && isWelcome && group.takes(this.#targetOf(session));
  }

  #wait(session: Session, left: WindowInFlight | null, nowNs: number): void {
    session.enter({ phase: "ready" });
    this.#catchUp.add({ session, left }, nowNs);
  }

  /**
   * Begins a catch-up group when it is time.
   *
   * @param missing who may still come to wait
   */
  advance(missing: () => Missing, nowNs: number): void {
    if (this.#catchUp.isEmpty || !this.#mayForm) return;
    const { groups, alone } = this.#catchUp.take(missing(), nowNs);
    this.#singles.add(...alone);
    if (this.#sharesPort) this.#pump(nowNs);
    for (const { target, sessions } of groups) {
      for (const { facts, progress } of sessions) if (!facts.canPlace) progress.reach(0);
      this.#groups.push(this.#newGroup(sessions, target));
    }
    if (groups.length > 0) this.#startGroup(nowNs);
    else this.#pump(nowNs);
  }

  /** The ONT is gone: nothing of its download goes on. */
  remove(session: Session, nowNs: number): void {
    this.#catchUp.remove(session);
    this.#announcing.delete(session);
    this.#ending.delete(session.onuId);
    this.#rebuilding.delete(session.onuId);
    this.#endingTogether.delete(session.onuId);
    const wasSingle = this.#singles.remove(session, nowNs);
    for (const group of this.#groups.slice()) group.remove(session, nowNs);
    if (wasSingle) this.#pump(nowNs);
  }

  handleTimeout(nowNs: number): void {
    this.#group?.handleTimeout(nowNs);
  }

  nextTimeoutNs(): number {
    return this.#group?.nextTimeoutNs() ?? (this.#mayForm ? this.#catchUp.dueNs : Infinity);
  }

  /** Sections for any instance are taken by members only (chain rule): others may download alone beside a group. */
  get #sharesPort(): boolean {
    return this.#context.config.instance === "any";
  }

  get #mayForm(): boolean {
    // Who takes no delta may not be the only one: those that still rebuild are waited for.
    const mayFollow = this.#announcing.size > 0 || this.#rebuilding.size > 0;
    return this.#groups.length === 0 && !mayFollow && (this.#sharesPort || !this.#singles.isUnderWay);
  }

  #targetOf({ payload, facts, targetInstance, poorLinkLoss }: Session): GroupTarget {
    const { config } = this.#context;
    return {
      why: this.#isBegun ? "catchUp" : "first",
      payload,
      messageSet: messageSetFor(config, facts),
      instanceId: config.instance === "any" ? ANY_INSTANCE : targetInstance,
      loss: poorLinkLoss,
    };
  }

  #addAlone(waiting: Waiting, nowNs: number): void {
    waiting.session.enter({ phase: "ready" });
    this.#singles.add(waiting);
    this.#pump(nowNs);
  }

  #newGroup(sessions: readonly Session[], target: GroupTarget): Group {
    return new Group(this.#context, sessions, target, {
      onDeparture: (session, departure, atNs) => this.#departed(session, departure, atNs),
      onNotJoined: (session, atNs) => this.#wait(session, null, atNs),
      onComplete: (members, atNs) => this.#groupComplete(members, atNs),
    });
  }

  #startGroup(nowNs: number): void {
    this.#group?.start(nowNs, this.#groupTci);
  }

  #groupComplete(members: readonly Session[], nowNs: number): void {
    const group = this.#groups.shift();
    // The next group's Starts go on behind this one's sections, so that their chains never meet.
    if (group) this.#groupTci = nextWindowBase(group.lastTci);
    const isFirst = this.#firstGroups > 0;
    const whole = members.filter((session) => isWhole(session));
    if (isFirst) this.#firstGroups--;
    else for (const { onuId } of whole) this.#endingTogether.add(onuId);
    for (const session of whole) this.#end(session, nowNs);
    // Who joined in the middle lacks what went before: the next group sends it, once for all of them.
    for (const session of members) if (!whole.includes(session)) this.#wait(session, null, nowNs);
    if (this.#groups.length > 0) this.#startGroup(nowNs);
    else this.#pump(nowNs);
  }

  #departed(session: Session, departure: Departure, nowNs: number): void {
    const { kind, cause, forLosses, window } = departure;
    // A download that was refused is over in the ONT, with all that it held.
    if (kind === "refused") session.progress.holds([]);
    if (kind === "refused" && (window === null || window.firstSection === 0)) {
      if (this.#goesWhole(session, cause, nowNs)) return;
      return askWhy(session, cause, nowNs, (told) => session.enter({ phase: "failed", cause: told }));
    }
    if (kind === "silent" && window === null) return this.#lost(session, nowNs);
    // Who tells what it holds goes on by that, from its Start; who does not, at the window in which it left.
    const canResume =
      this.#sharesPort && session.facts.extension !== "none" && !session.facts.canPlace && kind !== "refused";
    session.cancelRequest();
    this.#context.outbox.drop(session.onuId, nowNs);
    const left = canResume ? window : null;
    // Who took nothing of a group, not for its losses, may not hear the broadcast port.
    const isDeaf = window?.firstSection === 0 && !forLosses;
    if (kind === "refused" || isDeaf) this.#addAlone({ session, left }, nowNs);
    else this.add(session, nowNs, left);
  }

  #pump(nowNs: number): void {
    if (this.#groups.length === 0) this.#singles.pump(nowNs);
  }

  #singleDone(session: Session, outcome: Outcome, reached: Reached, nowNs: number): void {
    if (outcome.ok) this.#end(session, nowNs);
    else this.#retry(session, outcome, reached, nowNs);
    this.#pump(nowNs);
  }

  #end(session: Session, nowNs: number): void {
    this.#ending.add(session.onuId);
    if (session.payload.isDelta) this.#rebuilding.add(session.onuId);
    endDownload(this.#context, session, nowNs, (outcome, atNs) => {
      this.#ending.delete(session.onuId);
      this.#rebuilding.delete(session.onuId);
      this.#endingTogether.delete(session.onuId);
      if (!outcome.ok) this.#retry(session, outcome, { progressed: false, window: null, alone: false }, atNs);
      this.#pump(atNs);
    });
  }

  /** An ONT that takes no delta gets the image whole. @returns whether there is another payload for it */
  #goesWhole(session: Session, cause: string, nowNs: number): boolean {
    if (!session.payload.isDelta) return false;
    session.wholeOnly = true;
    choosePayload(this.#context, session);
    if (session.payload.isDelta) return false;
    this.#context.emit({ type: "wholeInstead", onuId: session.onuId, cause });
    session.cancelRequest();
    this.#context.outbox.drop(session.onuId, nowNs);
    session.enter({ phase: "ready" });
    session.progress.reach(0);
    this.#announcing.add(session);
    learnHeld(this.#context, session, (answered, atNs) => {
      this.#announcing.delete(session);
      if (answered) this.add(session, atNs);
      else this.#lost(session, atNs);
    });
    return true;
  }

  /** Again from the beginning, a limited number of times; a refused image is not sent a second time. */
  #retry(session: Session, failure: Extract<Outcome, { ok: false }>, reached: Reached, nowNs: number): void {
    const { restartsMax } = this.#context.config.limits;
    const { progress } = session;
    if (reached.progressed) progress.forgiveRestarts();
    const imageRefused =
      !failure.silent &&
      !progress.isPatched &&
      failure.incomplete !== true &&
      (session.is("judgesImage") || progress.bytesDone === 0);
    if (!failure.silent && this.#goesWhole(session, failure.cause, nowNs)) return;
    if (imageRefused) {
      abortDownload(session);
      return session.enter({ phase: "failed", cause: failure.cause });
    }
    if (progress.restarts >= restartsMax) {
      if (failure.silent) return this.#lost(session, nowNs);
      abortDownload(session);
      return session.enter({ phase: "failed", cause: `${failure.cause}, after ${progress.restarts} restarts` });
    }
    progress.restart();
    // Silence alone is no reason to begin again, where the ONT can tell how far it is.
    const { extension, canPlace } = session.facts;
    const resume = failure.silent && extension !== "none" && !canPlace ? reached.window : null;
    // A download that failed is over in the ONT as well, with all that it held.
    if (!failure.silent) progress.holds([]);
    if (!resume) progress.reach(progress.held.total);
    if (reached.alone) this.#addAlone({ session, left: resume }, nowNs);
    else this.add(session, nowNs, resume);
  }
}
