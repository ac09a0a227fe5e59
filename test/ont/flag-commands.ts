/** What the flag model's tests send: commands at random, all of them, and the ways into each state. */
import * as fc from "fast-check";
import type { Command, Instance, Position } from "./flag-model.ts";

export interface Step {
  command: Command;
  repeats: number;
}

const windowCommands = ["start", "startOtherSize", "firstWindow", "lastWindow", "firstWindowWithGap"] as const;
const endCommands = ["end", "endWrongCrc", "endWrongSize", "abort", "endSlowFlash"] as const;
const switchCommands = ["activate", "activateFailsToBoot", "activateThenPowerCut", "commit"] as const;
const imageCommands = [...windowCommands, ...endCommands, ...switchCommands] as const;
const unknownCommands = ["start", "end", "activate", "commit"] as const;
const otherCommands = ["unknownClass", "reboot", "powerCut", "finish"] as const;

/** A download from Start to its good End. */
const whole = (on: Instance, end: "end" | "endSlowFlash" = "end"): Command[] =>
  (["start", "firstWindow", "lastWindow", end] as const).map((each): Command => ({ do: each, on }));

const on = fc.constantFrom<Instance>(0, 1);
const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constantFrom(...windowCommands), on }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constantFrom(...endCommands), on }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constantFrom(...switchCommands), on }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom(...unknownCommands), on: fc.constant("unknown" as const) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom(...otherCommands) }) },
);

/** Single commands at random, and downloads up to some point, which get further. */
export const steps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.oneof(
      commands.map((command) => [command]),
      fc
        .tuple(
          on,
          fc.constantFrom("end" as const, "end" as const, "endSlowFlash" as const),
          fc.integer({ min: 1, max: 4 }),
        )
        .map(([instance, end, count]) => whole(instance, end).slice(0, count)),
    ),
    { maxLength: 30 },
  )
  .chain((list) => {
    const all = list.flat();
    const repeats = fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: all.length, maxLength: all.length });
    return repeats.map((counts) => all.map((command, at) => ({ command, repeats: counts[at] ?? 0 })));
  });

export const allCommands: readonly Command[] = [
  ...imageCommands.flatMap((each) => ([0, 1] as const).map((instance): Command => ({ do: each, on: instance }))),
  ...unknownCommands.map((each): Command => ({ do: each, on: "unknown" })),
  ...otherCommands.map((each): Command => ({ do: each })),
];

/** From the factory to S1 with images 0 and 1 exchanged. */
export const exchange: readonly Command[] = [
  ...whole(1),
  { do: "activate", on: 1 },
  { do: "commit", on: 1 },
  { do: "start", on: 0 },
  { do: "abort", on: 0 },
];

/** From S1 to each state, the image that is not committed being `on`. */
export function ways(on: Instance): Record<Position["state"], Command[]> {
  const [start, first, last] = whole(on);
  return {
    S1: [],
    S2: [start!],
    S2first: [start!, first!],
    S2all: [start!, first!, last!],
    S2other: [start!, last!],
    S2storing: [start!, first!, last!, { do: "endSlowFlash", on }],
    S3: whole(on),
    S4: [...whole(on), { do: "activate", on }],
  };
}

export const probes: readonly Command[] = ([0, 1] as const).flatMap((instance): Command[] => [
  { do: "lastWindow", on: instance },
  { do: "end", on: instance },
  { do: "commit", on: instance },
]);
