/** Hours of a night by the clock, over midnight too. */
import { UsageError } from "../../errors.ts";

const DAY_MINUTES = 1440;
const DAY_SECONDS = 86_400;

export interface Hours {
  text: string;
  startSeconds: number;
  seconds: number;
}

/** Hours of a text such as 02:00-05:00 or 23:30-01:00. @throws UsageError */
export function hoursOf(option: string, text: string): Hours {
  const match = /^\s*(\d{1,2}):(\d\d)\s*(?:-|–|\.\.)\s*(\d{1,2}):(\d\d)\s*$/.exec(text);
  const [from, to] = [minutesOf(match?.[1], match?.[2]), minutesOf(match?.[3], match?.[4])];
  if (from === undefined || to === undefined || from % DAY_MINUTES === to % DAY_MINUTES)
    throw new UsageError(`${option}: ${text} is not allowed; from-to by the clock, such as 02:00-05:00 or 23:00-01:30`);
  const minutes = (to - from + DAY_MINUTES) % DAY_MINUTES;
  return {
    text: `${clockText(from * 60, "minutes")} to ${clockText(to * 60, "minutes")}`,
    startSeconds: from * 60,
    seconds: minutes * 60,
  };
}

/** 24:00 is the end of a day. */
function minutesOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  if (hours === undefined || minutes === undefined) return undefined;
  const all = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && all <= DAY_MINUTES ? all : undefined;
}

/** Time of day, of whichever day. */
export function clockText(seconds: number, to: "minutes" | "seconds" = "seconds"): string {
  const whole = ((Math.ceil(seconds) % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, ...(to === "seconds" ? [whole % 60] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
