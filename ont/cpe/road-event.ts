/** What a CPE tells in the words that all roads have. */
import type { RoadEvent } from "../road/index.ts";
import type { CpeEvent } from "./core/types.ts";

/** @returns undefined for a session that came to its end: nothing that other roads would tell */
export function roadEventOf(event: CpeEvent): RoadEvent | undefined {
  if (event.type !== "session") return event;
  return event.cause === "" ? undefined : { type: "dropped", cause: `session: ${event.cause}` };
}
