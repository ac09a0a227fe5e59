/** What the number of seeds does not bear: told instead of printed with three digits. */
import { plural } from "../../base/text/index.ts";
import { quantileNeeds } from "./quantile.ts";

/** Below this, Student's t asks of the values what nobody has looked at. */
const SEEDS_FOR_MEAN = 5;

/**
 * @param what how a reader knows the values, such as "download_seconds"
 * @param count values
 * @param share of the quantile; undefined: it is a mean
 * @returns a line, or undefined where there are enough
 */
export function tooFew(what: string, count: number, share?: number): string | undefined {
  if (share === undefined)
    return count >= SEEDS_FOR_MEAN
      ? undefined
      : `${what}: ${plural(count, "value")}; an interval of the mean takes at least ${SEEDS_FOR_MEAN}`;
  const needed = quantileNeeds(share);
  if (count >= needed) return undefined;
  return `${what}: ${plural(count, "value")}; an interval of the ${nameOf(share)} takes at least ${needed}`;
}

const nameOf = (share: number): string => (share === 0.5 ? "median" : `${+(share * 100).toFixed(4)} % quantile`);

/** A share for people: "1.84 %". */
export const percentOf = (share: number): string =>
  Number.isFinite(share) ? `${+(share * 100).toPrecision(3)} %` : "∞";
