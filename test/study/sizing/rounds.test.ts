/** The formulas for one window, held to cases that are known and to the same game played with random numbers. */
import { describe, expect, it } from "vitest";
import { createStream } from "../../../pon/index.ts";
import { membersOf, type Members } from "../../../study/sizing/member.ts";
import { parityRounds } from "../../../study/sizing/parity-rounds.ts";
import { repeatRounds } from "../../../study/sizing/repeat-rounds.ts";

const group = (onts: number, loss: number): Members[] => [
  membersOf(
    {
      onts,
      messageSet: "extended",
      windowSections: 256,
      lossDown: loss,
      lossUp: 0,
      burst: undefined,
      recoveryAware: true,
      parityAware: true,
      placeAware: true,
      keepsSections: true,
    },
    0,
  ),
];

describe("rounds of one window", () => {
  it("without loss a window goes out once", () => {
    for (const how of ["window", "selective"] as const) {
      const { sections, rounds } = repeatRounds(group(128, 0), 240, how, 0);
      expect(sections).toBe(240);
      expect(rounds[0]).toMatchObject({ happens: 1, silent: 0, polls: 0 });
    }
    expect(parityRounds(group(128, 0), 240, 0, 0).sections).toBeCloseTo(240, 9);
  });

  it("one section to one ONT goes out 1 / (1 - p) times", () => {
    expect(repeatRounds(group(1, 0.25), 1, "window", 0).sections).toBeCloseTo(4 / 3, 8);
    expect(repeatRounds(group(1, 0.25), 1, "selective", 0).sections).toBeCloseTo(4 / 3, 8);
  });

  it("a window is not repeated for the section that asks: repeats are what drawing them by lot comes to", () => {
    for (const loss of [0.01, 0.05]) {
      const { sections } = repeatRounds(group(128, loss), 32, "window", 0);
      expect(sections / 32 / drawRepeats(128, loss, 31, 3000)).toBeCloseTo(1, 1);
    }
  });

  it("one ONT that loses everything but what it must get takes k / (1 - p) parity and data sections", () => {
    // Where each parity section goes out for itself, as many are needed as it takes to receive k.
    const { sections } = parityRounds(group(1, 0.1), 40, 0, 0);
    expect(sections).toBeGreaterThan(40 / 0.9 - 0.01);
    expect(sections).toBeLessThan(40 / 0.9 + 0.2);
  });

  it("parity rounds are what drawing them by lot comes to", () => {
    const [onts, loss, sections, rows] = [20, 0.05, 60, 5];
    const { sections: sent, rounds } = parityRounds(group(onts, loss), sections, rows, 0);
    const drawn = drawParity(onts, loss, sections, rows, 4000);
    expect(sent / drawn.sections).toBeCloseTo(1, 2);
    expect(rounds.reduce((sum, { happens }) => sum + happens, 0) / drawn.rounds).toBeCloseTo(1, 1);
  });
});

/** Sends until each of so many sections, but the one that asks, has reached everybody once. */
function drawRepeats(onts: number, loss: number, sections: number, games: number): number {
  const random = createStream(1, "repeats");
  let sends = 0;
  for (let game = 0; game < games; game++) {
    // How many sends the unluckiest of all sections needs: 1 + floor(ln u / ln p), of the smallest of so many u.
    const smallest = 1 - random.nextFloat() ** (1 / (onts * sections));
    sends += 1 + Math.floor(Math.log(smallest) / Math.log(loss));
  }
  return sends / games;
}

/** The same game played with random numbers: nothing is lost upstream. */
function drawParity(
  onts: number,
  loss: number,
  sections: number,
  rows: number,
  games: number,
): { sections: number; rounds: number } {
  const lots = createStream(1, "test/parity");
  const lost = (): boolean => lots.nextFloat() < loss;
  let sent = 0;
  let rounds = 0;
  for (let game = 0; game < games; game++) {
    sent += sections + rows;
    rounds++;
    // What each lacks, and whether it was asked: an ONT that does not hear the section with AR is silent.
    let open = Array.from({ length: onts }, () => {
      let lacks = -rows;
      for (let frame = 0; frame < sections - 1 + rows; frame++) if (lost()) lacks++;
      const asked = !lost();
      return { lacks: asked ? lacks : lacks + 1, asked };
    }).filter(({ lacks, asked }) => lacks > 0 || !asked);
    while (open.length > 0) {
      const told = open.filter(({ asked }) => asked);
      const worst = Math.max(1, ...(told.length > 0 ? told : open).map(({ lacks }) => lacks));
      sent += worst;
      rounds++;
      open = open
        .map(({ lacks }) => {
          let left = lacks;
          for (let row = 0; row < worst - 1; row++) if (!lost()) left--;
          const asked = !lost();
          return { lacks: asked ? left - 1 : left, asked };
        })
        .filter(({ lacks, asked }) => lacks > 0 || !asked);
    }
  }
  return { sections: sent / games, rounds: rounds / games };
}
