/** The one turn loop of a road to the image store: every driver and test hands out with it what a call made the road say. */
import { guardInstant } from "../../base/clock/index.ts";

export interface RoadSinks<Action, Event> {
  /** Whose they are, for messages about our own defects. */
  readonly name: string;
  /** May answer at once: what follows from that is handed out in the same turn. */
  action(nowNs: number, action: Action): void;
  event(nowNs: number, event: Event): void;
}

/** An update agent, or a CPE, as its turn needs it. */
export interface TurningRoad<Action, Event> {
  pollAction(): Action | undefined;
  pollEvent(): Event | undefined;
  nextTimeoutNs(nowNs: number): number;
  handleTimeout(nowNs: number): void;
}

/** @returns the next deadline: later than `nowNs`, or Infinity */
export function turnRoad<Action, Event>(
  road: TurningRoad<Action, Event>,
  sinks: RoadSinks<Action, Event>,
  nowNs: number,
): number {
  for (let turns = 0; ; turns++) {
    for (let action = road.pollAction(); action !== undefined; action = road.pollAction()) sinks.action(nowNs, action);
    for (let event = road.pollEvent(); event !== undefined; event = road.pollEvent()) sinks.event(nowNs, event);
    const nextNs = road.nextTimeoutNs(nowNs);
    if (nextNs > nowNs) return nextNs;
    guardInstant(turns, sinks.name, nowNs);
    road.handleTimeout(nowNs);
  }
}
