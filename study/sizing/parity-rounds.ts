/** The mean cost of one window that is repaired by parity, exact for members with different losses. */
import { binomial } from "../../base/statistics/index.ts";
import { NEGLIGIBLE } from "./chance.ts";
import { lossesOf, type Members } from "./member.ts";
import { noCost, roundOf, type WindowCost } from "./window-cost.ts";

/** Chance of a course of events below which its rest is left out. */
const WEIGHT_MIN = 1e-5;
const ROUNDS_MAX = 12;
/** Numbers above this are taken two together, above twice this three, and so on. */
const BUNCH = 12;

/**
 * Where one member stands, as chances: `known` to have the window, `accepted` it without the OLT knowing, `silent[d]` in
 * the round just over while lacking d parity sections (0 = it lacks only a section with AR), `missing[d]` told it lacks d.
 */
interface Standing {
  known: number;
  accepted: number;
  silent: Float64Array;
  missing: Float64Array;
}

/**
 * Members are independent as long as the number of parity sections sent is given; but that number is the largest of what
 * they lack. "The largest is ρ" is "all lack at most ρ" less "all lack at most ρ - 1", and each of the two is a product
 * over the members again. A course of events is therefore a sum of such products with signs, and stays exact.
 */
interface Product {
  sign: 1 | -1;
  standings: Standing[];
}

type Course = readonly Product[];

/**
 * A window of `sections` with `rows` parity sections ahead of its last one; then as many parity sections as the worst
 * member that was heard lacks, until every member has the window.
 */
export function parityRounds(
  members: readonly Members[],
  sections: number,
  rows: number,
  feederLoss: number,
): WindowCost {
  const cost = noCost();
  cost.sections = sections + rows;
  roundOf(cost, 1).sections = sections + rows;
  cost.paritySections = rows;
  const tree = new RoundTree(members, cost);
  const others = sections - 1 + rows;
  const common = binomial(others, feederLoss);
  for (let lost = 0; lost < common.length; lost++) {
    if (common[lost] < NEGLIGIBLE || common[lost] < WEIGHT_MIN) continue;
    for (const askedAll of feederLoss > 0 ? [true, false] : [true]) {
      const weight = common[lost] * (askedAll ? 1 - feederLoss : feederLoss);
      const standings = members.map((one) => firstStanding(one, others, rows, lost, askedAll));
      tree.descend([{ sign: 1, standings }], weight, 1);
    }
  }
  return cost;
}

/** After the first send: `lost` of the other frames were lost on the feeder, and perhaps the section with AR. */
function firstStanding(one: Members, others: number, rows: number, lost: number, askedAll: boolean): Standing {
  const losses = lossesOf(one, others);
  const asked = askedAll ? 1 - one.ownLoss : 0;
  const size = Math.max(1, cutOf(losses) + lost + 2 - rows);
  const standing: Standing = { known: 0, accepted: 0, silent: new Float64Array(size), missing: new Float64Array(size) };
  losses.forEach((chance, own) => {
    if (chance < NEGLIGIBLE) return;
    const lack = own + lost - rows;
    const told = asked * (1 - one.lossUp) * chance;
    const untold = asked * one.lossUp * chance;
    if (lack <= 0) {
      standing.known += told;
      standing.accepted += untold;
    } else {
      standing.missing[Math.min(lack, size - 1)] += told;
      standing.silent[Math.min(lack, size - 1)] += untold;
    }
    // Without the section with AR it lacks that one as well.
    standing.silent[Math.min(Math.max(0, lack + 1), size - 1)] += (1 - asked) * chance;
  });
  return standing;
}

/** Largest count worth looking at. */
function cutOf(chances: ArrayLike<number>): number {
  let last = chances.length - 1;
  while (last > 0 && chances[last] < NEGLIGIBLE) last--;
  return last;
}

const sumOf = (values: Float64Array, from = 0, to = values.length): number => {
  let sum = 0;
  for (let at = from; at < to; at++) sum += values[at];
  return sum;
};

class RoundTree {
  readonly #members: readonly Members[];
  readonly #cost: WindowCost;

  constructor(members: readonly Members[], cost: WindowCost) {
    this.#members = members;
    this.#cost = cost;
  }

  /** Chance of a course, each member's share of it given by `mass`. */
  #weigh(course: Course, mass: (standing: Standing) => number): number {
    let weight = 0;
    for (const { sign, standings } of course) {
      let product = 1;
      for (let at = 0; at < standings.length; at++) product *= mass(standings[at]) ** this.#members[at].onts;
      weight += sign * product;
    }
    return weight;
  }

  /** Mean number of members with a property, where the course happens. */
  #count(
    course: Course,
    mass: (standing: Standing) => number,
    share: (standing: Standing, at: number) => number,
  ): number {
    let count = 0;
    for (const { sign, standings } of course) {
      standings.forEach((one, chosen) => {
        let product = this.#members[chosen].onts * share(one, chosen);
        standings.forEach((standing, at) => {
          product *= mass(standing) ** (this.#members[at].onts - (at === chosen ? 1 : 0));
        });
        count += sign * product;
      });
    }
    return count;
  }

  /** A round is over; what follows from how the members stand. */
  descend(course: Course, weight: number, number: number): void {
    const cost = this.#cost;
    const round = roundOf(cost, number);
    const whole = this.#weigh(course, massOf);
    const happens = weight * whole;
    round.happens += happens;
    round.silent += weight * (whole - this.#weigh(course, (one) => massOf(one) - one.accepted - sumOf(one.silent)));
    if (number === 1) for (const { onts } of this.#members) round.answerers += happens * onts;
    // Who is done answers the parity sections of its window as well.
    for (const { onts, heard } of this.#members) cost.answers += happens * onts * heard;
    if (happens < WEIGHT_MIN || number >= ROUNDS_MAX) return;
    this.#repair(course, weight, number);
    // Nobody that was heard lacks anything: the silent ones are asked, unless there are none.
    const quiet = course.map((product) => limited(product, 0));
    const polls = this.#weigh(quiet, massOf) - this.#weigh(course, ({ known }) => known);
    if (weight * polls < WEIGHT_MIN) return;
    round.polls += weight * polls;
    round.polled += weight * this.#count(quiet, massOf, ({ accepted, silent }) => accepted + sumOf(silent));
    round.polledOpen += weight * this.#count(quiet, massOf, ({ silent }) => sumOf(silent));
    this.#repair(quiet.map(polled), weight, number);
  }

  /** As many parity sections as the worst of those that told lacks. Large numbers are taken a few together. */
  #repair(course: Course, weight: number, number: number): void {
    const below = this.#worstBelow(course);
    for (let from = 1, to = 1; from < below.length; from = to + 1, to = from + Math.floor(from / BUNCH)) {
      to = Math.min(to, below.length - 1);
      const happens = weight * (below[to] - below[from - 1]);
      if (happens < WEIGHT_MIN) continue;
      let rows = 0;
      for (let worst = from; worst <= to; worst++) rows += worst * weight * (below[worst] - below[worst - 1]);
      const branch = [
        ...course.map((product) => limited(product, to)),
        ...course.map((product) => limited({ ...product, sign: product.sign === 1 ? -1 : 1 }, from - 1)),
      ];
      this.#cost.sections += rows;
      this.#cost.paritySections += rows;
      const next = roundOf(this.#cost, number + 1);
      next.sections += rows;
      next.answerers += weight * this.#count(branch, massOf, (one) => massOf(one) - one.known);
      const sent = Math.max(1, Math.round(rows / happens));
      this.descend(
        branch.map((product) => this.#sent(product, sent)),
        weight,
        number + 1,
      );
    }
  }

  /** Chances that nobody told that it lacks more than 0, 1, 2… */
  #worstBelow(course: Course): Float64Array {
    const size = Math.max(1, ...course.flatMap(({ standings }) => standings.map(({ missing }) => lengthOf(missing))));
    const below = new Float64Array(size);
    for (const { sign, standings } of course) {
      const mass = standings.map(({ known, accepted, silent }) => known + accepted + sumOf(silent));
      for (let worst = 0; worst < size; worst++) {
        let product = sign as number;
        for (let at = 0; at < standings.length; at++) {
          mass[at] += standings[at].missing[worst] ?? 0;
          product *= mass[at] ** this.#members[at].onts;
        }
        below[worst] += product;
      }
    }
    return below;
  }

  /** Each member after a round of `rows` parity sections, the last one with AR. */
  #sent({ sign, standings }: Product, rows: number): Product {
    return { sign, standings: standings.map((standing, at) => afterRows(standing, this.#members[at], rows)) };
  }
}

const massOf = ({ known, accepted, silent, missing }: Standing): number =>
  known + accepted + sumOf(silent) + sumOf(missing);

/** Only where nobody told that it lacks more than `rows`. */
function limited({ sign, standings }: Product, rows: number): Product {
  return {
    sign,
    standings: standings.map((standing) => {
      const missing = standing.missing.slice();
      missing.fill(0, rows + 1);
      return { ...standing, missing };
    }),
  };
}

/** The silent ones have been asked: what they lack is known, at least a section to answer. */
function polled({ sign, standings }: Product): Product {
  return {
    sign,
    standings: standings.map(({ known, accepted, silent, missing }) => {
      const told = new Float64Array(Math.max(2, missing.length));
      silent.forEach((chance, lack) => (told[Math.max(1, lack)] += chance));
      return { known: known + accepted, accepted: 0, silent: new Float64Array(1), missing: told };
    }),
  };
}

/** Up to the last that is not 0. */
function lengthOf(values: Float64Array): number {
  let length = values.length;
  while (length > 0 && values[length - 1] === 0) length--;
  return length;
}

/** Chances to take in 0, 1, 2… of so many sections, as asked for again and again. */
const receivedBy = new WeakMap<Members, Map<number, ArrayLike<number>>>();

function receivedOf(one: Members, sections: number): ArrayLike<number> {
  let known = receivedBy.get(one);
  if (known === undefined) receivedBy.set(one, (known = new Map()));
  let chances = known.get(sections);
  if (chances === undefined) known.set(sections, (chances = binomial(sections, 1 - one.loss)));
  return chances;
}

function afterRows({ known, accepted, silent, missing }: Standing, one: Members, rows: number): Standing {
  // What is 0 stays so: rounds leave ever fewer numbers to look at.
  const size = Math.max(1, lengthOf(silent), lengthOf(missing));
  const next: Standing = {
    known: known + accepted * one.heard,
    accepted: accepted * (1 - one.heard),
    silent: new Float64Array(size),
    missing: new Float64Array(size),
  };
  const { silent: nextSilent, missing: nextMissing } = next;
  const { heard } = one;
  const notAsked = 1 - one.asked;
  const unheard = one.asked - one.heard;
  const received = receivedOf(one, rows - 1);
  for (let lack = 0; lack < size; lack++) {
    const chance = (silent[lack] ?? 0) + (missing[lack] ?? 0);
    if (chance < NEGLIGIBLE) continue;
    // What was taken in, by how many sections; a loop, as most of the model's time goes by here.
    for (let count = 0; count < received.length; count++) {
      const part = chance * received[count];
      nextSilent[Math.max(0, lack - count)] += part * notAsked;
      const left = lack - count - 1;
      if (left <= 0) {
        next.known += part * heard;
        next.accepted += part * unheard;
      } else {
        nextMissing[left] += part * heard;
        nextSilent[left] += part * unheard;
      }
    }
  }
  return next;
}
