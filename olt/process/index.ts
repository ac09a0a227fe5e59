/** The OLT as a process: socket, clock, metrics. */
export type {
  FromOlt,
  OltAddress,
  OltProcessConfig,
  OltReport,
  TimedOltEvent,
  ToOlt,
  TrailerChoice,
} from "./protocol.ts";
export { type RunningOlt, startOlt } from "./start.ts";
export { linkTrailers, type LinkTrailers, serialBytes } from "./trailers.ts";
export { startClock } from "../../base/clock/index.ts";
