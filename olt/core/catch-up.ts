/** Who waits for the next group, and who of them share one: those alike in what they are sent and in how much they lose. */
import type { OltContext } from "./context.ts";
import { courseFor } from "./course.ts";
import { type GroupTarget, keyOf } from "./group-target.ts";
import { areCheaperAlone, isCatchUpDue, type Share } from "./policy.ts";
import type { Session } from "./session.ts";
import type { WindowInFlight } from "./window-jobs.ts";

export interface Waiting {
  session: Session;
  /** Window that was under way when it left the group, to go on where it stands; null: from the beginning. */
  left: WindowInFlight | null;
}

/** ONTs of the port that may still come to wait as well. */
export interface Missing {
  away: number;
  /** Of them, those whose signal is there, and who do not answer, or not all questions yet. */
  struggling: number;
}

/** Those who get the same sections. */
interface Alike {
  target: GroupTarget;
  waiting: Waiting[];
}

export interface CatchUpPlan {
  groups: { target: GroupTarget; sessions: Session[] }[];
  alone: Waiting[];
}

export class CatchUp {
  readonly #context: OltContext;
  readonly #targetOf: (session: Session) => GroupTarget;
  #waiting: Waiting[] = [];
  #sinceNs = Infinity;

  constructor(context: OltContext, targetOf: (session: Session) => GroupTarget) {
    this.#context = context;
    this.#targetOf = targetOf;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Until when it waits for those who are away; Infinity = nobody waits. */
  get dueNs(): number {
    return this.#sinceNs + this.#context.config.catchUp.waitNs;
  }

  add(waiting: Waiting, nowNs: number): void {
    if (this.isEmpty) this.#sinceNs = nowNs;
    this.#waiting.push(waiting);
  }

  remove(session: Session): void {
    this.#keep(this.#waiting.filter((waiting) => waiting.session !== session));
  }

  /**
   * Who goes now, and how. Lossy ones wait for those who are there and answer seldom, as these are like them; and for fair ones
   * that wait, whom their long pass would hold up; for nobody else.
   */
  take({ away, struggling }: Missing, nowNs: number): CatchUpPlan {
    const { catchUp } = this.#context.config;
    const waitedNs = nowNs - this.#sinceNs;
    const plan: CatchUpPlan = { groups: [], alone: [] };
    const alike = this.#alike();
    const isFairDue = isCatchUpDue(catchUp, { waiting: this.#waiting.length, away, waitedNs });
    const holdsUpFair = !isFairDue && alike.some(({ target }) => target.loss === 0);
    const isLossyDue = !holdsUpFair && (struggling === 0 || waitedNs >= catchUp.waitNs);
    for (const { target, waiting } of alike) {
      if (!(target.loss > 0 ? isLossyDue : isFairDue)) continue;
      const sessions = waiting.map(({ session }) => session);
      const { sectionsTotal } = target.payload.layout(target.messageSet);
      const passShare = courseFor(sessions, target.messageSet).left / sectionsTotal;
      const shares = waiting.map((one) => this.#shareOf(one, sectionsTotal));
      if (areCheaperAlone(this.#context.config, shares, passShare)) plan.alone.push(...waiting);
      else plan.groups.push({ target, sessions });
    }
    // A group of lossy ones takes long: the others go first.
    plan.groups.sort((a, b) => Number(a.target.loss > 0) - Number(b.target.loss > 0));
    const gone = new Set([
      ...plan.alone.map(({ session }) => session),
      ...plan.groups.flatMap(({ sessions }) => sessions),
    ]);
    this.#keep(this.#waiting.filter(({ session }) => !gone.has(session)));
    return plan;
  }

  #keep(waiting: Waiting[]): void {
    this.#waiting = waiting;
    if (this.isEmpty) this.#sinceNs = Infinity;
  }

  #alike(): Alike[] {
    const sets = new Map<string, Alike>();
    for (const waiting of this.#waiting) {
      const target = this.#targetOf(waiting.session);
      const key = keyOf(target);
      const set = sets.get(key);
      if (set) {
        set.waiting.push(waiting);
        set.target.loss = Math.max(set.target.loss, target.loss);
      } else {
        sets.set(key, { target, waiting: [waiting] });
      }
    }
    return [...sets.values()];
  }

  #shareOf({ session, left }: Waiting, sectionsTotal: number): Share {
    const { payload } = session;
    const { held, lossShare } = session.progress;
    const has = left ? left.firstSection / sectionsTotal : held.total / payload.imageBytes;
    return { left: 1 - has, loss: Math.max(lossShare, session.poorLinkLoss) };
  }
}
