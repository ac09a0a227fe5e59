/** When a line was written, in any of the forms that logs have; exact to the nanosecond. */

/** A time in a line, and where it stands. */
export interface FoundTime {
  ns: bigint;
  start: number;
  end: number;
  /** It has no date: it begins again at midnight. */
  isTimeOfDay: boolean;
}

const SECOND_NS = 1_000_000_000n;
const FRACTION_DIGITS = 9;
/** A fraction of ten digits is a number of nanoseconds, as C prints `%010ld`. */
const COUNTED_DIGITS = 10;

const CLOCK = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:([.,:])(\d{1,10}))?`;
const ZONE = String.raw`(?: ?(Z|[+-]\d\d:?\d\d)(?!\d))?`;
const YEAR_FIRST = new RegExp(
  String.raw`(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T _:-]|, ?| {2,3})${CLOCK}${ZONE}`,
);
const DAY_FIRST = new RegExp(String.raw`(?<![\d/.-])(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)(?:[T _-]| {2,3})${CLOCK}`);
/** Hours, minutes, seconds, then a fraction behind a dot, or thousandths of a second and of what is in front behind colons. */
const TIME_OF_DAY = /(?<![\d:.])(\d{1,4}):(\d\d):(\d\d)(?:[.,](\d{1,10}))?(?![\d:])(?: ?([AP])M\b)?/i;
const ALL_COLONS = /(?<![\w:])(\d{1,3}):(\d{1,2}):(\d{1,2}):(\d{1,9})(?::(\d{1,9}))?(?::(\d{1,9}))?(?![\w:])/;
const MAC_LIKE = /^\d\d(?::\d\d){5}$/;
const WITH_UNITS =
  /(?<!\w)(?:(\d+) ?d[: ,]*)?(?:(\d+) ?h[: ,]*)?(?:(\d+) ?m(?:in)?[: ,]*)?(\d+) ?s(?:ec)?[: ,]+(\d{1,3}) ?ms(?:[: ,]+(\d{1,3}) ?us)?\b/i;
const SECONDS = /(?<=^|[\s[(,;"'=:>|])(\d{1,10})\.(\d{3,10})(?=$|[\s\]):,;"'|<}])/;
/** In front of a line a short fraction is enough. */
const SECONDS_IN_FRONT = /^[\s[(]*(\d{1,10})\.(\d{1,10})(?=[\s\]):,])/;
const EPOCH = /(?<=^|[\s[("'])(1\d{9}|1\d{12}|1\d{15}|1\d{18})(?=$|[\s\]):,"'])/;
const NAMED =
  /(?<![a-z])(?:ts|time|timestamp|time_?stamp|epoch|uptime)[-_ ]?(ns|us|ms|s)?["']?(?:\s+value)?\s*[:=>]\s*["']?(\d{1,19})(?:\.(\d{1,9}))?(?:e\+?(\d{1,2}))?(?![\d:.]|[-/]\d) ?(ns|us|ms|s)?\b/i;
/** Lines of dissectors that tell how long ago something else was. */
const NO_MOMENT = /^\s*\[?time[^:]*(?:delta|since|shift|relative)/i;

const UNIT_NS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, ms: 1_000_000n, s: SECOND_NS };

/** @param digits behind a dot or comma */
const fractionNs = (digits: string): number =>
  digits.length === COUNTED_DIGITS ? Number(digits) : Number(digits.padEnd(FRACTION_DIGITS, "0"));

/** @param digits behind a colon: counted in thousandths, millionths or billionths by how many there are */
const countedNs = (digits: string): number =>
  Number(digits) * (digits.length <= 3 ? 1e6 : digits.length <= 6 ? 1000 : 1);

const clockNs = (sign: string | undefined, digits: string | undefined): number =>
  digits === undefined ? 0 : sign === ":" ? countedNs(digits) : fractionNs(digits);

const exact = (seconds: number, ns: number): bigint => BigInt(seconds) * SECOND_NS + BigInt(ns);

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -60 : 60) * minutes;
}

function dated(
  text: RegExpExecArray,
  date: [number, number, number],
  clock: readonly (string | undefined)[],
): FoundTime | undefined {
  const [year, month, day] = date;
  const [hour, minute, second, sign, digits, zone] = clock;
  if (month < 1 || month > 12 || day < 1 || day > 31 || Number(minute) > 59) return undefined;
  const seconds = Date.UTC(year, month - 1, day, Number(hour), Number(minute), Number(second)) / 1000;
  const ns = exact(seconds - zoneSeconds(zone), clockNs(sign, digits));
  return { ns, start: text.index, end: text.index + text[0].length, isTimeOfDay: false };
}

const found = (text: RegExpExecArray, ns: bigint, isTimeOfDay = false): FoundTime => ({
  ns,
  start: text.index,
  end: text.index + text[0].length,
  isTimeOfDay,
});

type Form = (line: string) => FoundTime | undefined;

const yearFirst: Form = (line) => {
  const text = YEAR_FIRST.exec(line);
  return text === null ? undefined : dated(text, [Number(text[1]), Number(text[2]), Number(text[3])], text.slice(4));
};

const dayFirst: Form = (line) => {
  const text = DAY_FIRST.exec(line);
  if (text === null) return undefined;
  const [first, month, last] = text.slice(1, 4).map(Number);
  const century = text[3].length === 2 ? 2000 : 0;
  const date: [number, number, number] = month > 12 ? [last + century, first, month] : [last + century, month, first];
  return dated(text, date, text.slice(4));
};

const allColons: Form = (line) => {
  const text = ALL_COLONS.exec(line);
  if (text === null || MAC_LIKE.test(text[0])) return undefined;
  const [hour, minute, second] = text.slice(1, 4).map(Number);
  if (minute > 59 || second > 59) return undefined;
  const [milli, micro, nano] = text.slice(4, 7);
  const parts =
    micro === undefined ? countedNs(milli) : Number(milli) * 1e6 + Number(micro) * (micro.length <= 3 ? 1000 : 1);
  return found(text, exact(hour * 3600 + minute * 60 + second, parts + Number(nano ?? 0)), true);
};

const timeOfDay: Form = (line) => {
  const text = TIME_OF_DAY.exec(line);
  if (text === null) return undefined;
  const [hour, minute, second] = text.slice(1, 4).map(Number);
  if (minute > 59 || second > 60) return undefined;
  const half = text[5]?.toUpperCase();
  const hours = half === undefined ? hour : (hour % 12) + (half === "P" ? 12 : 0);
  return found(text, exact(hours * 3600 + minute * 60 + second, clockNs(".", text[4])), hours < 24);
};

const withUnits: Form = (line) => {
  const text = WITH_UNITS.exec(line);
  if (text === null) return undefined;
  const [day, hour, minute, second, milli, micro] = text.slice(1, 7).map((part) => Number(part ?? 0));
  return found(text, exact(((day * 24 + hour) * 60 + minute) * 60 + second, milli * 1e6 + micro * 1000));
};

const seconds: Form = (line) => {
  const text = SECONDS_IN_FRONT.exec(line) ?? SECONDS.exec(line);
  return text === null ? undefined : found(text, exact(Number(text[1]), fractionNs(text[2])));
};

/** Seconds, thousandths and so on since 1970, by how large the number is. */
function epochUnit(digits: string): bigint | undefined {
  if (digits.length >= 18) return UNIT_NS.ns;
  if (digits.length >= 15) return UNIT_NS.us;
  if (digits.length >= 12) return UNIT_NS.ms;
  return digits.length >= 9 ? UNIT_NS.s : undefined;
}

const epoch: Form = (line) => {
  const text = EPOCH.exec(line);
  return text === null ? undefined : found(text, BigInt(text[1]) * epochUnit(text[1])!);
};

const named: Form = (line) => {
  const text = NAMED.exec(line);
  if (text === null) return undefined;
  const [, inName, whole, fraction = "", exponent, behind] = text;
  if (exponent !== undefined) {
    const shift = Number(exponent);
    const digits = whole + fraction.padEnd(shift, "0").slice(0, shift);
    const rest = fraction.slice(shift);
    return found(text, BigInt(digits) * SECOND_NS + BigInt(fractionNs(rest.slice(0, FRACTION_DIGITS))));
  }
  const unit = UNIT_NS[(inName ?? behind ?? "").toLowerCase()];
  if (fraction !== "") {
    const by = unit ?? SECOND_NS;
    return found(text, BigInt(whole) * by + (BigInt(fraction.padEnd(FRACTION_DIGITS, "0")) * by) / SECOND_NS);
  }
  // Analysers' reports count from the start of the trace, in microseconds.
  const isReport = line.trimStart().startsWith("<");
  const by = unit ?? epochUnit(whole) ?? (isReport ? UNIT_NS.us : undefined);
  return by === undefined ? undefined : found(text, BigInt(whole) * by);
};

/** What a line has that a form needs: looking for that costs less than trying the form. */
const HAS = { clock: 1, point: 2, unit: 4, name: 8, longNumber: 16 } as const;
const DIGIT = 1;
const POINT = 2;
const COLON = 3;
/** What a letter is for that, by its code; letters by themselves, small. */
const KINDS = new Uint8Array(256);
for (const letter of "0123456789") KINDS[letter.charCodeAt(0)] = DIGIT;
for (const letter of "mstiepMSTIEP") KINDS[letter.charCodeAt(0)] = letter.toLowerCase().charCodeAt(0);
KINDS[".".charCodeAt(0)] = POINT;
KINDS[":".charCodeAt(0)] = COLON;
const [M, S, T, I, E, P] = Buffer.from("mstiep");
/** Digits of seconds since 1970. */
const LONG_DIGITS = 10;
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
      digits = 0;
      if (kind === S && before === M) hints |= HAS.unit;
      else if ((before === T && (kind === S || kind === I)) || (before === E && kind === P)) hints |= HAS.name;
    }
    beforeThat = before;
    before = kind;
  }
  return hints;
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

/** In the order in which they are tried; what is in a line in which they may be. */
const FORMS: readonly (readonly [Form, number])[] = [
  [yearFirst, HAS.clock],
  [dayFirst, HAS.clock],
  [allColons, HAS.clock],
  [timeOfDay, HAS.clock],
  [withUnits, HAS.unit],
  [named, HAS.name],
  [seconds, HAS.point],
  [epoch, HAS.longNumber],
];

/** The first time in a line, in the first form that fits. */
export function timeIn(line: string): FoundTime | undefined {
  if (NO_MOMENT.test(line)) return undefined;
  const iso = isoIn(line);
  if (iso !== undefined) return iso;
  const hints = hintsIn(line);
  if (hints === 0) return undefined;
  for (const [form, hint] of FORMS) {
    if ((hints & hint) === 0) continue;
    const time = form(line);
    if (time !== undefined) return time;
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
