/** When a line was written, in any of the forms that logs have; exact to the nanosecond. */
import { exact, type Form, FORMS, type FoundTime, FRACTION_DIGITS, HAS, SECOND_NS } from "./time-forms.ts";

export type { FoundTime } from "./time-forms.ts";

/** Lines of dissectors that tell how long ago something else was. */
const NO_MOMENT = /^\s*\[?time[^:]*(?:delta|since|shift|relative)/i;
/** Names of what is below a second. */
const PARTS_BELOW = /nanos|[nu]sec/;
const DIGIT = 1;
const POINT = 2;
const COLON = 3;
/** What a letter is for that, by its code; letters by themselves, small. */
const KINDS = new Uint8Array(256);
for (const letter of "0123456789") KINDS[letter.charCodeAt(0)] = DIGIT;
for (const letter of "mnustiepMNUSTIEP") KINDS[letter.charCodeAt(0)] = letter.toLowerCase().charCodeAt(0);
KINDS[".".charCodeAt(0)] = POINT;
KINDS[":".charCodeAt(0)] = COLON;
const [M, N, U, S, T, I, E, P] = Buffer.from("mnustiep");
/** Digits of seconds since 1970. */
const LONG_DIGITS = 10;
/** Of `20260301`. */
const DATE_DIGITS = 8;
const ZERO = 0x30;
/** `2026-03-01T10:00:00` */
const ISO_LETTERS = 19;

/** @returns what is in it of `HAS` */
function hintsIn(line: string): number {
  let hints = 0;
  let digits = 0;
  let before = 0;
  let beforeThat = 0;
  for (let at = 0; at < line.length; at++) {
    const kind = KINDS[line.charCodeAt(at)] ?? 0;
    if (kind === DIGIT) {
      if (++digits === LONG_DIGITS) hints |= HAS.longNumber;
      if (beforeThat === DIGIT) hints |= before === COLON ? HAS.clock : before === POINT ? HAS.point : 0;
    } else {
      if (kind === T && digits === DATE_DIGITS) hints |= HAS.dateInOne;
      digits = 0;
      if (kind === S && (before === M || ((before === U || before === N) && beforeThat === DIGIT))) hints |= HAS.unit;
      else if ((before === T && (kind === S || kind === I)) || (before === E && kind === P)) hints |= HAS.name;
    }
    beforeThat = before;
    before = kind;
  }
  return line.includes("sec") && PARTS_BELOW.test(line) ? hints | HAS.twoParts : hints;
}

const isDigit = (code: number): boolean => code >= ZERO && code <= ZERO + 9;

/** Two digits as a number; -1: others. */
function pairAt(line: string, at: number): number {
  const [ten, one] = [line.charCodeAt(at), line.charCodeAt(at + 1)];
  return isDigit(ten) && isDigit(one) ? 10 * (ten - ZERO) + one - ZERO : -1;
}

/**
 * `2026-03-01T10:00:00.002000+00:00` where the first digit is: what most programs write, and what the first form finds there.
 *
 * @returns undefined where that form has to look for itself
 */
function isoIn(line: string): FoundTime | undefined {
  let start = 0;
  while (start < line.length && !isDigit(line.charCodeAt(start))) start++;
  if (start + ISO_LETTERS > line.length || line[start + 4] !== "-" || line[start + 7] !== "-") return undefined;
  const separator = line[start + 10];
  if ((separator !== "T" && separator !== " ") || line[start + 13] !== ":" || line[start + 16] !== ":")
    return undefined;
  const [century, year] = [pairAt(line, start), pairAt(line, start + 2)];
  const [month, day] = [pairAt(line, start + 5), pairAt(line, start + 8)];
  const [hour, minute, second] = [pairAt(line, start + 11), pairAt(line, start + 14), pairAt(line, start + 17)];
  if (Math.min(century, year, hour, minute, second) < 0 || month < 1 || month > 12 || day < 1 || day > 31)
    return undefined;
  let end = start + ISO_LETTERS;
  let fraction = 0;
  if (isDigit(line.charCodeAt(end)) || line[end] === ":") return undefined;
  if (line[end] === "." || line[end] === ",") {
    const from = ++end;
    while (isDigit(line.charCodeAt(end))) fraction = fraction * 10 + line.charCodeAt(end++) - ZERO;
    if (end === from || end - from > FRACTION_DIGITS) return undefined;
    for (let digits = end - from; digits < FRACTION_DIGITS; digits++) fraction *= 10;
  }
  let zoneMinutes = 0;
  const sign = line[end];
  if (sign === "Z") {
    if (isDigit(line.charCodeAt(end + 1))) return undefined;
    end++;
  } else if (sign === "+" || sign === "-") {
    const [hours, minutes] = [pairAt(line, end + 1), pairAt(line, end + 4)];
    if (hours < 0 || minutes < 0 || line[end + 3] !== ":" || isDigit(line.charCodeAt(end + 6))) return undefined;
    zoneMinutes = (sign === "-" ? -1 : 1) * (60 * hours + minutes);
    end += 6;
  } else if (sign === " " && /^[Z+-]/.test(line.slice(end + 1, end + 2))) {
    return undefined;
  }
  if (minute > 59) return undefined;
  const days = Date.UTC(100 * century + year, month - 1, day) / 1000;
  const ns = exact(days + 3600 * hour + 60 * (minute - zoneMinutes) + second, fraction);
  return { ns, start, end, isTimeOfDay: false };
}

/** The line that a time was found in last: those of one program are alike. */
let lastLine = "";
/** The form of that time, where it shows by where the digits stand; false: that was not asked yet. */
let lastForm: Form | undefined | false = false;

/** Whether lines are the same but for their digits. */
function areAlike(line: string, other: string): boolean {
  const { length } = line;
  if (length !== other.length) return false;
  for (let at = 0; at < length; at++) {
    const code = line.charCodeAt(at);
    const otherCode = other.charCodeAt(at);
    if (code !== otherCode && !(isDigit(code) && isDigit(otherCode))) return false;
  }
  return true;
}

/** The first time in a line, in the first form that fits. */
export function timeIn(line: string): FoundTime | undefined {
  const isAlike = areAlike(line, lastLine);
  if (isAlike && lastForm) {
    const time = lastForm(line);
    if (time !== undefined) return time;
  }
  if (NO_MOMENT.test(line)) return undefined;
  const iso = isoIn(line);
  if (iso !== undefined) return iso;
  const hints = hintsIn(line);
  if (hints === 0) return undefined;
  for (const [index, [form, hint]] of FORMS.entries()) {
    if ((hints & hint) === 0) continue;
    const time = form(line);
    if (time === undefined) continue;
    if (!isAlike) lastForm = false;
    else if (lastForm === false)
      lastForm = FORMS.slice(0, index).some(([, other, mayBe]) => (hints & other) !== 0 && mayBe(line))
        ? undefined
        : form;
    lastLine = line;
    return time;
  }
  return undefined;
}

const DAY_NS = 86_400n * SECOND_NS;
const HALF_DAY_NS = DAY_NS / 2n;

/** Times one after the other: where they have no date, a new day begins when they start over. */
export class DayCounter {
  #dayNs = 0n;
  #lastNs = -1n;

  of({ ns, isTimeOfDay }: FoundTime): bigint {
    if (!isTimeOfDay) return ns;
    if (this.#lastNs >= 0n && ns + HALF_DAY_NS < this.#lastNs) this.#dayNs += DAY_NS;
    this.#lastNs = ns;
    return this.#dayNs + ns;
  }
}
