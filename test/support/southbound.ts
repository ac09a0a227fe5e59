/** A way south that takes everything at once. */
import { newTraffic } from "../../pon/index.ts";
import type { Southbound } from "../../olt/index.ts";

export const openSouthbound = (sink: Pick<Southbound, "frame" | "sections">): Southbound => ({
  name: "OLT on the bench",
  downstream: newTraffic(),
  upstream: newTraffic(),
  beginTurn: () => undefined,
  roomBytes: () => Infinity,
  ...sink,
  flush: () => undefined,
  roomAgainNs: (nowNs) => nowNs,
  nextTimeoutNs: () => Infinity,
  handleTimeout: () => undefined,
});
