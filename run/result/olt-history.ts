/** Adds up what several OLT processes did in one run, since an OLT that is killed takes its counters with it. */
import type { OltOntStatus, OltStatus } from "../../olt/core/types.ts";
import type { OltReport } from "../../olt/process/index.ts";
import type { CounterTotals } from "./types.ts";
import type { LinkTraffic } from "../../pon/index.ts";

/** Everything the OLT processes of one run did, one after the other. */
export interface OltTotals {
  status: OltStatus | undefined;
  counters: CounterTotals;
  downstream: LinkTraffic;
  upstream: LinkTraffic;
}

const noTraffic: LinkTraffic = { frames: 0, omciBytes: 0, gemBytes: 0 };
const noCounters: CounterTotals = { sections: 0, repairSections: 0, windows: 0, sectionPayloadBytes: 0 };

function sum<Numbers extends { [Name in keyof Numbers]: number }>(zero: Numbers, parts: readonly Numbers[]): Numbers {
  const total = { ...zero };
  for (const part of parts) for (const name in zero) (total[name] as number) += part[name];
  return total;
}

/** Earlier of two times of which either may not have come (-1). */
const earlier = (a: number, b: number): number => (a < 0 ? b : b < 0 ? a : Math.min(a, b));
const later = (a: number, b: number): number => Math.max(a, b);

/** An ONT keeps what an earlier OLT saw it do; where it stands is the later one's to say. */
function mergeOnt(before: OltOntStatus, now: OltOntStatus): OltOntStatus {
  return {
    ...now,
    windowsRepaired: before.windowsRepaired + now.windowsRepaired,
    sectionsLost: before.sectionsLost + now.sectionsLost,
    leftGroup: before.leftGroup || now.leftGroup,
    ...((before.inBaseline ?? now.inBaseline) && { inBaseline: true }),
    startedNs: earlier(before.startedNs, now.startedNs),
    endedNs: later(before.endedNs, now.endedNs),
  };
}

function mergeStatus(before: OltStatus, now: OltStatus): OltStatus {
  const current = new Set(now.onts.map((ont) => ont.serial));
  const known = new Map(before.onts.map((ont) => [ont.serial, ont]));
  const onts = now.onts.map((ont) => {
    const old = known.get(ont.serial);
    return old ? mergeOnt(old, ont) : ont;
  });
  return {
    ...now,
    firstStartNs: earlier(before.firstStartNs, now.firstStartNs),
    lastWindowAnsweredNs: later(before.lastWindowAnsweredNs, now.lastWindowAnsweredNs),
    lastEndNs: later(before.lastEndNs, now.lastEndNs),
    firstActivateNs: earlier(before.firstActivateNs, now.firstActivateNs),
    lastCommitNs: later(before.lastCommitNs, now.lastCommitNs),
    groups: [...before.groups, ...now.groups],
    onts: [...onts, ...before.onts.filter((ont) => !current.has(ont.serial))],
  };
}

/** Adds up the last report of each OLT process of a run. */
export class OltHistory {
  /** Of all that have ended: a run of a week has many, each with all its ONTs. */
  #endedStatus: OltStatus | undefined;
  #endedCounters = noCounters;
  /** As they were reported: in virtual time one goes on counting for the OLTs that come after its own. */
  readonly #endedTraffic: Pick<OltReport, "downstream" | "upstream">[] = [];
  #current: OltReport | undefined;

  report(report: OltReport): void {
    this.#current = report;
  }

  /** The process ended: the next report is of another one. */
  endLife(): void {
    if (this.#current === undefined) return;
    const { status, counters } = this.totals();
    const { downstream, upstream } = this.#current;
    this.#endedStatus = status;
    this.#endedCounters = counters;
    this.#endedTraffic.push({ downstream, upstream });
    this.#current = undefined;
  }

  /** Last report of the present process. */
  get current(): OltReport | undefined {
    return this.#current;
  }

  totals(): OltTotals {
    const now = this.#current;
    const before = this.#endedStatus;
    const traffic = now === undefined ? this.#endedTraffic : [...this.#endedTraffic, now];
    return {
      status: before !== undefined && now !== undefined ? mergeStatus(before, now.status) : (now?.status ?? before),
      counters: sum(noCounters, [this.#endedCounters, ...(now === undefined ? [] : [now.status.counters])]),
      downstream: sum(
        noTraffic,
        traffic.map(({ downstream }) => downstream),
      ),
      upstream: sum(
        noTraffic,
        traffic.map(({ upstream }) => upstream),
      ),
    };
  }
}
