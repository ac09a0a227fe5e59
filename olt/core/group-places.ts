/** Who has to be told where a group's next window belongs, before it goes out: those who join, and all when it leaves stretches out. */
import type { ImagePlace } from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import { tellPlace } from "./held.ts";
import { Joiners } from "./joiners.ts";
import type { Session } from "./session.ts";

export interface GroupPlacesCallbacks {
  /** One that was to join follows the group from now on. */
  onJoined: (session: Session) => void;
  /** One that was to join cannot: it is as before. */
  onNotJoined: (session: Session, nowNs: number) => void;
  /** A member does not say that it knows the place. */
  onLost: (session: Session, nowNs: number) => void;
  /** Nobody is waited for any more: the window may go out. */
  onReady: (nowNs: number) => void;
}

export class GroupPlaces {
  readonly joiners: Joiners;
  readonly #callbacks: GroupPlacesCallbacks;
  /** Told, and not answered; null = nobody is being told. */
  #told: Set<Session> | null = null;

  constructor(context: OltContext, callbacks: GroupPlacesCallbacks) {
    this.#callbacks = callbacks;
    this.joiners = new Joiners(context, callbacks.onNotJoined);
  }

  /** @param members those of the group, where the window is not the next one of the image */
  tell(place: ImagePlace, members: readonly Session[], nowNs: number): void {
    const joining = this.joiners.ready;
    this.#told = new Set([...joining, ...members]);
    if (this.#told.size === 0) return this.#settle(nowNs);
    for (const session of joining) {
      tellPlace(session, place, true, (isTold, atNs) => {
        if (isTold) {
          this.joiners.forget(session);
          this.#callbacks.onJoined(session);
        } else {
          this.joiners.notTold(session, atNs);
        }
        this.#answered(session, atNs);
      });
    }
    for (const session of members) {
      tellPlace(session, place, false, (isTold, atNs) => {
        if (!isTold) this.#callbacks.onLost(session, atNs);
        this.#answered(session, atNs);
      });
    }
  }

  /** It is gone: nothing is waited for. */
  forget(session: Session, nowNs: number): void {
    this.joiners.forget(session);
    this.#answered(session, nowNs);
  }

  /** The group is over: those who would have joined stay as they are. */
  end(nowNs: number): void {
    for (const session of this.joiners.all) {
      session.cancelRequest();
      this.joiners.forget(session);
      this.#callbacks.onNotJoined(session, nowNs);
    }
  }

  #answered(session: Session, nowNs: number): void {
    if (this.#told?.delete(session) === true) this.#settle(nowNs);
  }

  #settle(nowNs: number): void {
    if (this.#told === null || this.#told.size > 0) return;
    this.#told = null;
    this.#callbacks.onReady(nowNs);
  }
}
