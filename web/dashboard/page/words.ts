/** Numbers in words that read the same in German and in English: a narrow space between thousands, a point before decimals. */
import { bytesText, copiesText, durationText, rateText } from "../../../base/text/index.ts";

export { bytesText, copiesText, durationText, rateText };

const MS_PER_SECOND = 1000;

/** "8 538" */
export const countWords = (count: number): string =>
  String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, "\u202F");

export const onts = (count: number): string => `${countWords(count)} ${count === 1 ? "ONT" : "ONTs"}`;

export const timeWords = (ms: number): string => durationText(ms / MS_PER_SECOND);
