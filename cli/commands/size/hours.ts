/** Hours of a night by the clock, over midnight too. */
import { HOURS_FORM, type NightHours, nightHoursIn } from "../../../study/sizing/index.ts";
import { UsageError } from "../../errors.ts";

const DAY_SECONDS = 86_400;

export interface Hours extends NightHours {
  text: string;
}

/** Hours of a text such as 02:00-05:00 or 23:30-01:00. @throws UsageError */
export function hoursOf(option: string, text: string): Hours {
  const hours = nightHoursIn(text);
  if (hours === undefined) throw new UsageError(`${option}: ${text} is not allowed; ${HOURS_FORM}`);
  const { startSeconds, seconds } = hours;
  return {
    text: `${clockText(startSeconds, "minutes")} to ${clockText(startSeconds + seconds, "minutes")}`,
    ...hours,
  };
}

/** Time of day, of whichever day. */
export function clockText(seconds: number, to: "minutes" | "seconds" = "seconds"): string {
  const whole = ((Math.ceil(seconds) % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, ...(to === "seconds" ? [whole % 60] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
