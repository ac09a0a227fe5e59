/**
 * The software image states of one ONT as a table, written from the text of figure 9.1.4-1 alone and held against our ONT by
 * flag-model.test.ts. Where the text leaves more than one outcome open, the table has them all.
 */

export type Instance = 0 | 1;
type Result = number | undefined;

type DownloadCommand =
  | ("start" | "startOtherSize" | "firstWindow" | "lastWindow" | "firstWindowWithGap")
  | ("end" | "endWrongCrc" | "endWrongSize" | "abort")
  /** While the flash takes its time. */
  | "endSlowFlash";
type SwitchCommand = "activate" | "activateFailsToBoot" | "activateThenPowerCut" | "commit";

/**
 * What is done to the ONT. The image of every download has two windows, `first` and `last`; any other order of windows
 * makes an image whose CRC-32 is wrong. An instance that is neither image is `unknown`.
 */
export type Command =
  | { do: DownloadCommand | SwitchCommand; on: Instance }
  | { do: "start" | "end" | "activate" | "commit"; on: "unknown" }
  /** `finish`: if an End was answered "device busy", the flash comes to its end and the same End is asked once more. */
  | { do: "unknownClass" | "reboot" | "powerCut" | "finish" };

/**
 * States of the figure. S2 is told apart by what has come in: nothing, the first window, all of the image, or something
 * else; and whether the image is being stored (End: "device busy").
 */
const columns = ["S1", "S2", "S2first", "S2all", "S2other", "S2storing", "S3", "S4"] as const;
type State = (typeof columns)[number];

/** A state of the figure; primed: with images 0 and 1 exchanged. */
export interface Position {
  state: State;
  primed: boolean;
}

export interface Outcome {
  /** Undefined where there is nothing to answer. */
  result: Result;
  position: Position;
}

/** An ONT as it leaves the factory: image 0 is committed. */
export const factory: Position = { state: "S1", primed: false };

/** Committed/active/valid of `c`, the committed image of every unprimed state, and of `o`, the other one. */
const flags: Readonly<Record<State, readonly [c: string, o: string]>> = {
  S1: ["1/1/1", "0/0/0"],
  S2: ["1/1/1", "0/0/0"],
  S2first: ["1/1/1", "0/0/0"],
  S2all: ["1/1/1", "0/0/0"],
  S2other: ["1/1/1", "0/0/0"],
  S2storing: ["1/1/1", "0/0/0"],
  S3: ["1/1/1", "0/0/1"],
  S4: ["1/0/1", "0/1/1"],
};

/**
 * One line for each command and the image it is for, a cell for each state: result and next state, `=` for the same state,
 * `'` for images exchanged, `-` for no answer, `or` between outcomes that are both allowed.
 *
 * Left open by the text: whether a restart of the running image loses a partial download; whether an abort is answered 0
 * or 1; whether an End for an image that is stored already is the repeat of a good one (0) or out of place (1); what comes
 * in behind the last byte of an image; which of two refusals wins while an image is being stored.
 */
const table = `
                       | S1        | S2           | S2first          | S2all                   | S2other      | S2storing          | S3         | S4
start c                | 3 =       | 3 =          | 3 =              | 3 =                     | 3 =          | 3 = or 6 =         | 3 =        | 3 =
start o                | 0 S2      | 0 S2         | 0 S2             | 0 S2                    | 0 S2         | 6 =                | 0 S2       | 3 =
startOtherSize c       | 3 =       | 3 =          | 3 =              | 3 =                     | 3 =          | 3 = or 6 =         | 3 =        | 3 =
startOtherSize o       | 0 S2other | 0 S2other    | 0 S2other        | 0 S2other               | 0 S2other    | 6 =                | 0 S2other  | 3 =
firstWindow c          | 1 =       | 1 =          | 1 =              | 1 =                     | 1 =          | 1 = or 6 =         | 1 =        | 1 =
firstWindow o          | 1 =       | 0 S2first    | 0 S2other or 1 = | 0 = or 0 S2other or 1 = | 0 = or 1 =   | 1 = or 6 =         | 1 =        | 1 =
lastWindow c           | 1 =       | 1 =          | 1 =              | 1 =                     | 1 =          | 1 = or 6 =         | 1 =        | 1 =
lastWindow o           | 1 =       | 0 S2other    | 0 S2all          | 0 = or 0 S2other or 1 = | 0 = or 1 =   | 1 = or 6 =         | 1 =        | 1 =
firstWindowWithGap c   | 1 =       | 1 =          | 1 =              | 1 =                     | 1 =          | 1 = or 6 =         | 1 =        | 1 =
firstWindowWithGap o   | 1 =       | 1 =          | 1 =              | 0 = or 0 S2other or 1 = | 0 = or 1 =   | 1 = or 6 =         | 1 =        | 1 =
end c                  | 1 =       | 1 =          | 1 =              | 1 =                     | 1 =          | 1 = or 6 =         | 1 =        | 0 = or 1 =
end o                  | 1 =       | 1 S1         | 1 S1             | 0 S3                    | 1 S1         | 6 =                | 0 = or 1 = | 1 =
endWrongCrc c          | 1 =       | 1 =          | 1 =              | 1 =                     | 1 =          | 1 = or 6 =         | 1 =        | 1 =
endWrongCrc o          | 1 =       | 1 S1         | 1 S1             | 1 S1                    | 1 S1         | 6 = or 1 = or 1 S1 | 1 =        | 1 =
endWrongSize c         | 1 =       | 1 =          | 1 =              | 1 =                     | 1 =          | 1 = or 6 =         | 1 =        | 1 =
endWrongSize o         | 1 =       | 1 S1         | 1 S1             | 1 S1                    | 1 S1         | 6 = or 1 = or 1 S1 | 1 =        | 1 =
abort c                | 1 =       | 1 =          | 1 =              | 1 =                     | 1 =          | 1 = or 6 =         | 1 =        | 1 =
abort o                | 1 =       | 0 S1 or 1 S1 | 0 S1 or 1 S1     | 0 S1 or 1 S1            | 0 S1 or 1 S1 | 0 S1 or 1 S1       | 1 =        | 1 =
endSlowFlash c         | 1 =       | 1 =          | 1 =              | 1 =                     | 1 =          | 1 = or 6 =         | 1 =        | 0 = or 1 =
endSlowFlash o         | 1 =       | 1 S1         | 1 S1             | 6 S2storing             | 1 S1         | 6 =                | 0 = or 1 = | 1 =
finish                 | - =       | - =          | - =              | - =                     | - =          | 0 S3               | - =        | - =
activate c             | 0 =       | 0 = or 0 S1  | 0 = or 0 S1      | 0 = or 0 S1             | 0 = or 0 S1  | 6 =                | 0 =        | 0 S3
activate o             | 3 =       | 3 =          | 3 =              | 3 =                     | 3 =          | 6 =                | 0 S4       | 0 =
activateFailsToBoot o  | 3 =       | 3 =          | 3 =              | 3 =                     | 3 =          | 6 =                | 0 S3       | 0 =
activateThenPowerCut c | 0 =       | 0 S1         | 0 S1             | 0 S1                    | 0 S1         | 6 S1               | 0 =        | 0 S3
activateThenPowerCut o | 3 =       | 3 S1         | 3 S1             | 3 S1                    | 3 S1         | 6 S1               | 0 S3       | 0 S3
commit c               | 0 =       | 0 =          | 0 =              | 0 =                     | 0 =          | 6 =                | 0 =        | 0 =
commit o               | 3 =       | 3 =          | 3 =              | 3 =                     | 3 =          | 6 =                | 0 S4'      | 0 S3'
start unknown          | 5 =       | 5 =          | 5 =              | 5 =                     | 5 =          | 5 =                | 5 =        | 5 =
end unknown            | 5 =       | 5 =          | 5 =              | 5 =                     | 5 =          | 5 =                | 5 =        | 5 =
activate unknown       | 5 =       | 5 =          | 5 =              | 5 =                     | 5 =          | 5 =                | 5 =        | 5 =
commit unknown         | 5 =       | 5 =          | 5 =              | 5 =                     | 5 =          | 5 =                | 5 =        | 5 =
unknownClass           | 4 =       | 4 =          | 4 =              | 4 =                     | 4 =          | 4 =                | 4 =        | 4 =
reboot                 | 0 =       | 0 S1         | 0 S1             | 0 S1                    | 0 S1         | 0 S1               | 0 =        | 0 S3
powerCut               | - =       | - S1         | - S1             | - S1                    | - S1         | - S1               | - =        | - S3
`;

/** Cells of the table: command and image → state → outcomes. */
const cells: ReadonlyMap<string, Readonly<Record<State, readonly Outcome[]>>> = new Map(
  table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [name = "", ...texts] = line.split("|").map((text) => text.trim());
      const row = columns.map((state, at) => [state, outcomesOf(texts[at] ?? "", state)] as const);
      return [name, Object.fromEntries(row) as Record<State, Outcome[]>];
    }),
);

/** @param text a cell, read for the unprimed state */
function outcomesOf(text: string, from: State): Outcome[] {
  return text.split(" or ").map((outcome) => {
    const [, result, next, prime] = /^(\d|-) (=|S\w+)('?)$/.exec(outcome) ?? [];
    const state = next === "=" ? from : columns.find((name) => name === next);
    if (state === undefined) throw new Error(`no outcome: ${outcome}`);
    return { result: result === "-" ? undefined : Number(result), position: { state, primed: prime === "'" } };
  });
}

/** Row of the table and state, such as `commit o in S3`. */
export const cellName = ({ state, primed }: Position, command: Command): string =>
  `${rowName(command, primed)} in ${state}`;

/** The names of all cells. */
export const cellNames: readonly string[] = [...cells.keys()].flatMap((row) =>
  columns.map((state) => `${row} in ${state}`),
);

/** All that the text allows; undefined where it says nothing. */
export function outcomes({ state, primed }: Position, command: Command): Outcome[] | undefined {
  return cells.get(rowName(command, primed))?.[state].map(({ result, position }) => ({
    result,
    position: { state: position.state, primed: position.primed !== primed },
  }));
}

function rowName(command: Command, primed: boolean): string {
  if (!("on" in command)) return command.do;
  if (command.on === "unknown") return `${command.do} unknown`;
  return `${command.do} ${(command.on === 1) === primed ? "c" : "o"}`;
}

/** Committed/active/valid of images 0 and 1. */
export function flagsOf({ state, primed }: Position): [string, string] {
  const [c, o] = flags[state];
  return primed ? [o, c] : [c, o];
}
