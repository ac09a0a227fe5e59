/** The forms in which logs write times, each by itself; exact to the nanosecond. */

/** A time in a line, and where it stands. */
export interface FoundTime {
  ns: bigint;
  start: number;
  end: number;
  /** It has no date: it begins again at midnight. */
  isTimeOfDay: boolean;
}

export const SECOND_NS = 1_000_000_000n;
export const FRACTION_DIGITS = 9;
/** A fraction of ten digits is a number of nanoseconds, as C prints `%010ld`. */
const COUNTED_DIGITS = 10;

const CLOCK = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:([.,:])(\d{1,10}))?`;
const ZONE = String.raw`(?: ?(Z|[+-]\d\d:?\d\d)(?!\d))?`;
const YEAR_FIRST = new RegExp(
  String.raw`(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T _:-]|, ?| {2,3})${CLOCK}${ZONE}`,
);
/** The basic form of ISO 8601. */
const WITHOUT_SIGNS = /(?<!\d)(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:([.,])(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?(?!\d)/;
const DAY_FIRST = new RegExp(String.raw`(?<![\d/.-])(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)(?:[T _-]| {2,3})${CLOCK}`);
/** Hours, minutes, seconds, then a fraction behind a dot, or thousandths of a second and of what is in front behind colons. */
const TIME_OF_DAY = /(?<![\d:.])(\d{1,4}):(\d\d):(\d\d)(?:[.,](\d{1,10}(?:,\d{3}(?=\s))?))?(?![\d:])(?: ?([AP])M\b)?/i;
const ALL_COLONS = /(?<![\w:])(\d{1,3}):(\d{1,2}):(\d{1,2}):(\d{1,9})(?::(\d{1,9}))?(?::(\d{1,9}))?(?![\w:])/;
/** An address: none of the times with colons. */
const NO_TIME = "00:00:00:00:00:00";
const MAC_LIKE = /^\d\d(?::\d\d){5}$/;
const WITH_UNITS =
  /(?<!\w)(?:(\d+) ?d[: ,]*)?(?:(\d+) ?h[: ,]*)?(?:(\d+) ?m(?:in)?[: ,]*)?(\d+) ?s(?:ec)?[: ,]+(\d{1,3}) ?ms(?:[: ,]+(\d{1,3}) ?us)?\b/i;
const SECONDS = /(?<=^|[\s[(,;"'=:>|+@])(\d{1,10})\.(\d{3,10})(?= ?s(?:ec)?\b|$|[\s\]):,;"'|<}])/;
/** In front of a line a short fraction is enough. */
const SECONDS_IN_FRONT = /^[\s[(]*(\d{1,10})\.(\d{1,10})(?=[\s\]):,])/;
/** In front of a line alone: elsewhere it is how long something took. */
const UNIT_IN_FRONT = /^[\s[(+]*(\d{1,15})(?:\.(\d{1,9}))? ?(ns|us|ms)(?=[\s\]):,])/;
/** Durations as Go prints them. */
const IN_LETTERS = /(?<!\w)(?:(\d{1,5})h)?(?:(\d{1,5})m)?(\d{1,2})\.(\d{1,9})s\b/;
const EPOCH = /(?<=^|[\s[("'])(1\d{9}|1\d{12}|1\d{15}|1\d{18})(?=$|[\s\]):,"'])/;
const NAMED =
  /(?<![a-z])(?:ts|time|timestamp|time_?stamp|epoch|uptime)[-_ ]?(ns|us|ms|s)?["']?(?:\s+value)?\s*[:=>]\s*["']?(\d{1,19})(?:\.(\d{1,9}))?(?:e\+?(\d{1,2}))?(?![\d:.]|[-/]\d) ?(ns|us|ms|s)?\b/i;

/** `seconds:1772359200 nanos:2000000` of protocol buffers, `tv_sec=1772359200, tv_usec=2000` of C. */
const TWO_PARTS =
  /(?<![a-z])(?:tv_)?sec(?:ond)?s?["']?\s*[:=]\s*["']?(\d{1,12})["']?[,;\s]+["']?(?:tv_)?(n|u)(?:anos|anoseconds|sec)["']?\s*[:=]\s*["']?(\d{1,9})(?!\d)/i;

const UNIT_NS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, ms: 1_000_000n, s: SECOND_NS };

/** @param digits behind a dot or comma */
const fractionNs = (digits: string): number =>
  digits.length === COUNTED_DIGITS ? Number(digits) : Number(digits.padEnd(FRACTION_DIGITS, "0"));

/** @param digits behind a colon: counted in thousandths, millionths or billionths by how many there are */
const countedNs = (digits: string): number =>
  Number(digits) * (digits.length <= 3 ? 1e6 : digits.length <= 6 ? 1000 : 1);

const clockNs = (sign: string | undefined, digits: string | undefined): number =>
  digits === undefined ? 0 : sign === ":" ? countedNs(digits) : fractionNs(digits);

export const exact = (seconds: number, ns: number): bigint => BigInt(seconds) * SECOND_NS + BigInt(ns);

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

export type Form = (line: string) => FoundTime | undefined;

const yearFirst: Form = (line) => {
  const text = YEAR_FIRST.exec(line);
  return text === null ? undefined : dated(text, [Number(text[1]), Number(text[2]), Number(text[3])], text.slice(4));
};

const withoutSigns: Form = (line) => {
  const text = WITHOUT_SIGNS.exec(line);
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
  return found(text, exact(hours * 3600 + minute * 60 + second, clockNs(".", text[4]?.replace(",", ""))), hours < 24);
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

const unitInFront: Form = (line) => {
  const text = UNIT_IN_FRONT.exec(line);
  if (text === null) return undefined;
  const unit = UNIT_NS[text[3]];
  return found(
    text,
    BigInt(text[1]) * unit + (BigInt((text[2] ?? "").padEnd(FRACTION_DIGITS, "0")) * unit) / SECOND_NS,
  );
};

const inLetters: Form = (line) => {
  const text = IN_LETTERS.exec(line);
  if (text === null || (text[1] ?? text[2]) === undefined) return undefined;
  const [hour, minute, second] = text.slice(1, 4).map((part) => Number(part ?? 0));
  return found(text, exact((hour * 60 + minute) * 60 + second, fractionNs(text[4])));
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

const twoParts: Form = (line) => {
  const text = TWO_PARTS.exec(line);
  if (text === null) return undefined;
  const [, whole, unit, parts] = text;
  return found(text, BigInt(whole) * SECOND_NS + BigInt(parts) * (unit.toLowerCase() === "n" ? 1n : 1000n));
};

/** What a line has that a form needs: looking for that costs less than trying the form. */
export const HAS = { clock: 1, point: 2, unit: 4, name: 8, longNumber: 16, dateInOne: 32, twoParts: 64 } as const;

const isIn =
  (...forms: readonly RegExp[]) =>
  (line: string): boolean =>
    forms.some((form) => form.test(line));

/**
 * In the order in which they are tried; what is in a line in which they may be; and whether they may be in another line of the
 * same form, with other digits.
 */
export const FORMS: readonly (readonly [Form, number, (line: string) => boolean])[] = [
  [withoutSigns, HAS.dateInOne, isIn(WITHOUT_SIGNS)],
  [yearFirst, HAS.clock, isIn(YEAR_FIRST)],
  [dayFirst, HAS.clock, isIn(DAY_FIRST)],
  [allColons, HAS.clock, (line) => !MAC_LIKE.test(ALL_COLONS.exec(line)?.[0] ?? NO_TIME)],
  [timeOfDay, HAS.clock, isIn(TIME_OF_DAY)],
  [withUnits, HAS.unit, isIn(WITH_UNITS)],
  [twoParts, HAS.twoParts, isIn(TWO_PARTS)],
  [named, HAS.name, isIn(NAMED)],
  [seconds, HAS.point, isIn(SECONDS_IN_FRONT, SECONDS)],
  [epoch, HAS.longNumber, () => true],
  [unitInFront, HAS.unit, isIn(UNIT_IN_FRONT)],
  [inLetters, HAS.point, isIn(IN_LETTERS)],
];
