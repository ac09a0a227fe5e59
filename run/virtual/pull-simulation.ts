/** Which simulation a scenario's road has, where the ONTs fetch their images. */
import type { ImageRoad, Scenario } from "../../scenarios/index.ts";
import { cwmpVirtualRoad } from "../cwmp/virtual/road.ts";
import { fileVirtualRoad } from "../file/virtual.ts";
import { httpsVirtualRoad } from "../https/virtual/road.ts";
import type { RunImages } from "../images/index.ts";
import type { MakeVirtualRoad } from "../pull/virtual/road.ts";
import { PullSimulation } from "../pull/virtual/world.ts";
import type { Observer } from "./observer.ts";

/** One line a road. */
const ROADS: Readonly<Record<Exclude<ImageRoad, "omci">, MakeVirtualRoad>> = {
  https: httpsVirtualRoad,
  cwmp: cwmpVirtualRoad,
  file: fileVirtualRoad,
};

/** @returns undefined for the road omci @throws RunInputError for what cannot be */
export function pullSimulation(
  scenario: Scenario,
  images: RunImages,
  options: { observers?: readonly Observer[] },
): PullSimulation | undefined {
  return scenario.road === "omci" ? undefined : new PullSimulation(scenario, images, ROADS[scenario.road], options);
}
