/** Which simulation a scenario's road has, where update agents bring the image. */
import type { Scenario } from "../../scenarios/index.ts";
import { fileVirtualRoad } from "../file/virtual.ts";
import { AgentSimulation } from "../https/virtual/world.ts";
import type { RunImages } from "../images/index.ts";
import type { Observer } from "./observer.ts";

/** @returns undefined for the road omci @throws RunInputError for what cannot be */
export function agentSimulation(
  scenario: Scenario,
  images: RunImages,
  { observers = [] }: { observers?: readonly Observer[] },
): AgentSimulation | undefined {
  if (scenario.road === "omci") return undefined;
  const isFile = scenario.road === "file";
  return new AgentSimulation(scenario, images, { observers, ...(isFile && { makeRoad: fileVirtualRoad }) });
}
