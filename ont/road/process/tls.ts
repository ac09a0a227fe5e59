/** The client end of a road over HTTPS. */
import { StapledAgent } from "../../../base/tls/index.ts";

const MS_PER_SECOND = 1000;

/** A device's own connections: a staple is judged for each of them. @param trusted PEM of the authorities */
export const stapledAgent = (trusted: string): StapledAgent =>
  new StapledAgent({ trusted, nowSeconds: () => Date.now() / MS_PER_SECOND }, { keepAlive: true });
