/** What may happen next, as one number, as a word of a path, and as a sentence. */

/** Each happens at one ONT, or on its way there or back; `timerOlt` at the OLT. */
export const ACTIONS = [
  { name: "timerOlt", word: "T", says: "the OLT's timer" },
  { name: "timer", word: "t", says: "timer" },
  { name: "down", word: "d", says: "receives" },
  { name: "up", word: "u", says: "its frame reaches the OLT" },
  { name: "flash", word: "f", says: "flash operation done" },
  { name: "loseDown", word: "ld", says: "LOST on the way down" },
  { name: "loseUp", word: "lu", says: "LOST on the way up" },
  { name: "doubleDown", word: "dd", says: "receives, and once more LATER" },
  { name: "doubleUp", word: "du", says: "its frame reaches the OLT, and once more LATER" },
  { name: "delayDown", word: "hd", says: "DELAYED on the way down" },
  { name: "delayUp", word: "hu", says: "DELAYED on the way up" },
  { name: "lateDown", word: "rd", says: "receives late" },
  { name: "lateUp", word: "ru", says: "its late frame reaches the OLT" },
  { name: "cutBefore", word: "c", says: "POWER CUT" },
  { name: "cutTorn", word: "ct", says: "POWER CUT in the middle of the flash operation" },
  { name: "cutAfter", word: "ca", says: "POWER CUT just after the flash operation" },
] as const;

export type ActionName = (typeof ACTIONS)[number]["name"];

export interface Action {
  name: ActionName;
  ont: number;
  /** Which of the late ones. */
  place: number;
}

const PLACES = 16;
const ONTS = 8;
const numbers = new Map<ActionName, number>(ACTIONS.map(({ name }, number) => [name, number]));

export const actionNumber = (name: ActionName, ont: number, place = 0): number =>
  (numbers.get(name)! * ONTS + ont) * PLACES + place;

export const actionOf = (number: number): Action => ({
  name: ACTIONS[Math.floor(number / PLACES / ONTS)].name,
  ont: Math.floor(number / PLACES) % ONTS,
  place: number % PLACES,
});

/** Losses, what comes twice or late, and power cuts: so many of them at most happen on a path. */
export const isFault = (name: ActionName): boolean => /^(?:lose|double|delay|cut)/.test(name);

const isLate = (name: ActionName): boolean => name === "lateDown" || name === "lateUp";

/** A path as a text without blanks: `t0,u0,ld0`. */
export const pathText = (path: readonly number[]): string =>
  path
    .map((number) => {
      const { name, ont, place } = actionOf(number);
      const { word } = ACTIONS[numbers.get(name)!];
      return name === "timerOlt" ? word : `${word}${ont}${isLate(name) ? `.${place}` : ""}`;
    })
    .join(",");

/** @returns undefined where the text is no path; `word` says which is no action */
export function pathOf(text: string): { path: number[] } | { word: string } {
  const path: number[] = [];
  for (const each of text.split(",")) {
    const [, word = "", ont = "0", place = "0"] = /^([a-zA-Z]+)(\d?)(?:\.(\d{1,2}))?$/.exec(each) ?? [];
    const action = ACTIONS.find((known) => known.word === word);
    if (action === undefined) return { word: each };
    path.push(actionNumber(action.name, Number(ont || "0"), Number(place)));
  }
  return { path };
}
