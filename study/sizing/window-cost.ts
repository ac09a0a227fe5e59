/** One round of a window: sections go out, answers come in. Chances and means; a round happens with chance `happens`. */
export interface RoundCost {
  happens: number;
  /** Sections sent, times the chance that the round happens: so are all means below. */
  sections: number;
  /** Members that are to answer. */
  answerers: number;
  /** Chance that the round happens and ends by a deadline, because somebody stays silent. */
  silent: number;
  /** Chance that only silent members are left and are asked by Gets; how many are, and how many lack something. */
  polls: number;
  polled: number;
  polledOpen: number;
  /** Chance that members are asked for what they miss before a repair, and how many are. */
  queries: number;
  queried: number;
  /** Chance that silent members are asked by the window's last section while nobody gets a repair. */
  prods: number;
}

/** What one window of a group costs, in the mean. */
export interface WindowCost {
  /** Sections on the fibre: the first send, everything sent again, parity. */
  sections: number;
  paritySections: number;
  /** Of `sections`, those sent to single ONTs. */
  aloneSections: number;
  /** Answers to sections that reach the OLT. */
  answers: number;
  /** Members that leave the group. */
  departures: number;
  /** The first send and its answers, then each repair. */
  rounds: RoundCost[];
}

export const noCost = (): WindowCost => ({
  sections: 0,
  paritySections: 0,
  aloneSections: 0,
  answers: 0,
  departures: 0,
  rounds: [],
});

const noRound = (): RoundCost => ({
  happens: 0,
  sections: 0,
  answerers: 0,
  silent: 0,
  polls: 0,
  polled: 0,
  polledOpen: 0,
  queries: 0,
  queried: 0,
  prods: 0,
});

/** The round with this number, from 1; begun when it is not there yet. */
export function roundOf(cost: WindowCost, round: number): RoundCost {
  while (cost.rounds.length < round) cost.rounds.push(noRound());
  return cost.rounds[round - 1];
}

/** Adds `cost`, `times` over, to `total`. */
export function addCost(total: WindowCost, cost: WindowCost, times = 1): WindowCost {
  total.sections += cost.sections * times;
  total.paritySections += cost.paritySections * times;
  total.aloneSections += cost.aloneSections * times;
  total.answers += cost.answers * times;
  total.departures += cost.departures * times;
  cost.rounds.forEach((round, at) => {
    const sum = roundOf(total, at + 1);
    for (const name in sum) sum[name as keyof RoundCost] += round[name as keyof RoundCost] * times;
  });
  return total;
}
