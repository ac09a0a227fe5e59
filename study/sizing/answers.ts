/** Parts of the model's answer that whoever asks it has in common: hours of a night, roads beside OMCI, where it has no answer. */
import type { Scenario } from "../../scenarios/index.ts";
import { sizeFile } from "./file.ts";
import { type HttpsSizing, sizeCwmp, sizeHttps } from "./https.ts";
import { meanLoss, sizingInputOf } from "./input.ts";

const DAY_MINUTES = 1440;
const SECONDS_A_MINUTE = 60;

export const HOURS_FORM = "from-to by the clock, such as 02:00-05:00 or 23:00-01:30";

export interface NightHours {
  /** After midnight. */
  startSeconds: number;
  seconds: number;
}

/** Hours of a text such as 02:00-05:00 or 23:30-01:00, over midnight too; undefined: they are none. */
export function nightHoursIn(text: string): NightHours | undefined {
  const match = /^\s*(\d{1,2}):(\d\d)\s*(?:-|–|\.\.)\s*(\d{1,2}):(\d\d)\s*$/.exec(text);
  if (match === null) return undefined;
  const [fromHour, fromMinute, toHour, toMinute] = match.slice(1).map(Number);
  // 24:00 is the end of a day.
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  const isRight = [fromMinute, toMinute].every((minute) => minute < 60) && Math.max(from, to) <= DAY_MINUTES;
  if (!isRight || from % DAY_MINUTES === to % DAY_MINUTES) return undefined;
  const minutes = (to - from + DAY_MINUTES) % DAY_MINUTES;
  return { startSeconds: from * SECONDS_A_MINUTE, seconds: minutes * SECONDS_A_MINUTE };
}

/** By road, where each ONT has a copy of its own. */
export const besideModels = { https: sizeHttps, cwmp: sizeCwmp, file: sizeFile } as const;

/** @returns undefined for the road omci */
export const sizeBeside = (scenario: Scenario): HttpsSizing | undefined =>
  scenario.road === "omci" ? undefined : besideModels[scenario.road](scenario);

/** How far apart visits are nobody knows but who says it. */
export const hasVisits = ({ road, updateZip }: Scenario): boolean => road === "file" || updateZip.everySeconds > 0;

/** Why the model has no answer that anybody would wait for; undefined: it has one. */
export function lossFaultOf(scenario: Scenario): string | undefined {
  const { loss, most } = meanLoss(sizingInputOf(scenario));
  if (loss <= most) return undefined;
  return `of 100 frames ${(loss * 100).toFixed(0)} are lost in the mean; the model takes up to ${most * 100} here`;
}
