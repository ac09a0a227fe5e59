/** When a bundle is not to be distributed any more. The time comes in as an argument, and may not be known. */
import type { Manifest } from "./types.ts";

const MS_PER_SECOND = 1000;

export interface Expiry {
  isOver: boolean;
  /** One line where there is something to say, else empty. */
  text: string;
}

const dayOf = (seconds: number): string => new Date(seconds * MS_PER_SECOND).toISOString();

/**
 * @param nowSeconds since 1970-01-01 UTC; undefined: there is no clock. One that stands before the build of the bundle is not
 *   to be trusted, as that of a device without a battery: nothing is decided by it
 */
export function expiryOf(
  { expires, buildTime }: Pick<Manifest, "expires" | "buildTime">,
  nowSeconds: number | undefined,
): Expiry {
  if (expires === 0) return { isOver: false, text: "" };
  if (nowSeconds === undefined) return { isOver: false, text: `expires ${dayOf(expires)}; no clock to check that by` };
  if (nowSeconds < buildTime) {
    const text = `expires ${dayOf(expires)}; not checked, as the clock says ${dayOf(nowSeconds)}, before it was built`;
    return { isOver: false, text };
  }
  return nowSeconds < expires ? { isOver: false, text: "" } : { isOver: true, text: `expired ${dayOf(expires)}` };
}
