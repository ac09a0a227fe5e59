/** Passes over the image: as the OLT tells of them, or, where only its journal is there, as windows show them. */
import type { OltEvent, OltGroup } from "../../../olt/core/types.ts";
import type { GroupResult } from "../../../run/result/types.ts";
import type { PassView } from "../types.ts";

/** More are counted only: in unicast each ONT has one of its own. */
const PASSES_MAX = 60;
const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1000;

type WindowEvent = Extract<OltEvent, { type: "windowSent" | "windowDone" | "repair" }>;

interface Followed {
  why: PassView["why"];
  onuId: number;
  startNs: number;
  endNs: number;
  sections: number;
}

export class Passes {
  #views: PassView[] = [];
  more = 0;
  readonly #followed: Followed[] = [];
  #isTold = false;

  get views(): PassView[] {
    return this.#views;
  }

  /** As the OLT has them. @returns whether they differ from before */
  told(groups: readonly OltGroup[], imageBytes: number): boolean {
    this.#isTold = true;
    return this.#take(
      groups.map(({ why, onts, startNs, endNs, payloadBytes, pon }) => ({
        ...(pon !== undefined && { pon }),
        why,
        onts,
        startMs: startNs / NS_PER_MS,
        endMs: endNs < 0 ? null : endNs / NS_PER_MS,
        copies: imageBytes === 0 ? 0 : payloadBytes / imageBytes,
      })),
    );
  }

  /** As the result has them; its times are after the first Start. */
  ended(groups: readonly GroupResult[], firstStartMs: number): boolean {
    this.#isTold = true;
    const after = (seconds: number): number => firstStartMs + seconds * MS_PER_SECOND;
    return this.#take(
      groups.map(({ why, onts, startSeconds, endSeconds, copies }, at) => ({
        // In the same order; whoever saw nothing of the run before does not know.
        ...(this.#views[at]?.pon !== undefined && this.#views[at].why === why && { pon: this.#views[at].pon }),
        why,
        onts,
        startMs: after(startSeconds),
        endMs: endSeconds === null ? null : after(endSeconds),
        copies,
      })),
    );
  }

  /** One port only: the journal does not say of which port a window is. */
  follow(timeNs: number, event: WindowEvent): void {
    if (this.#isTold) return;
    const { onuId } = event;
    let pass = this.#followed.findLast((each) => each.onuId === onuId);
    if (event.type === "windowSent" && (pass === undefined || event.window === 0)) {
      const isFirst = !this.#followed.some((each) => each.onuId < 0);
      const why = onuId >= 0 ? "alone" : isFirst ? "first" : "catchUp";
      pass = { why, onuId, startNs: timeNs, endNs: timeNs, sections: 0 };
      this.#followed.push(pass);
    }
    if (pass === undefined) return;
    pass.endNs = timeNs;
    if (event.type !== "windowDone") pass.sections += event.sections + event.paritySections;
  }

  /** What was followed, as it stands. @returns whether it differs from before */
  look(imageBytes: number, sectionBytes: number, nowNs: number): boolean {
    if (this.#isTold) return false;
    return this.#take(
      this.#followed.map(({ why, startNs, endNs, sections }) => ({
        why,
        onts: 0,
        startMs: startNs / NS_PER_MS,
        endMs: nowNs - endNs > QUIET_NS ? endNs / NS_PER_MS : null,
        copies: imageBytes === 0 ? 0 : (sections * sectionBytes) / imageBytes,
      })),
    );
  }

  #take(views: readonly PassView[]): boolean {
    const kept = views.slice(0, PASSES_MAX);
    const same =
      views.length - kept.length === this.more &&
      kept.length === this.#views.length &&
      kept.every((view, at) => isSame(view, this.#views[at]));
    if (same) return false;
    this.#views = kept;
    this.more = views.length - kept.length;
    return true;
  }
}

/** A pass without a window for so long is over. */
const QUIET_NS = 3e9;

const isSame = (a: PassView, b: PassView): boolean =>
  a.pon === b.pon &&
  a.why === b.why &&
  a.onts === b.onts &&
  a.startMs === b.startMs &&
  a.endMs === b.endMs &&
  a.copies === b.copies;
