import type { LossSpec, OntLosses } from "../../ont/process/protocol.ts";
import type { Impairment, Scenario } from "../schema/index.ts";
import { RunInputError } from "./errors.ts";

/** Losses of one path, and whether an impairment acts on it. */
function actsOn(impairment: { direction: "down" | "up" | "both" }, path: "down" | "up"): boolean {
  return impairment.direction === "both" || impairment.direction === path;
}

/** What one impairment loses on one path; a frame that was corrupted is one that its trailer lets nobody take. */
function lossOf(impairment: Impairment, path: "down" | "up", feederStream: string): LossSpec | undefined {
  switch (impairment.kind) {
    case "loss":
    case "corruption":
      return actsOn(impairment, path) ? { kind: "independent", chance: impairment.chance } : undefined;
    case "burstLoss": {
      if (!actsOn(impairment, path)) return undefined;
      const { goodToBad, badToGood, lossGood, lossBad } = impairment;
      return { kind: "burst", goodToBad, badToGood, lossGood, lossBad };
    }
    case "feederLoss":
      // One stream for all: every ONT draws the same fate for the same broadcast frame.
      return path === "down" ? { kind: "independent", chance: impairment.chance, stream: feederStream } : undefined;
    case "duplication":
    case "reordering":
    case "latency":
    case "blackout":
    case "slowReceiver":
      throw new RunInputError({
        message: `impairments: ${impairment.kind} acts in virtual time only; real processes know loss, burstLoss, feederLoss, corruption`,
      });
  }
}

/**
 * The losses of one ONT. An ONT applies them to itself, frame by frame.
 *
 * @throws RunInputError for an impairment that real processes do not have
 */
export function lossesOf(impairments: readonly Impairment[], pon: number): OntLosses {
  const onPath = (path: "down" | "up", feederStream: string): LossSpec[] =>
    impairments.flatMap((impairment) => lossOf(impairment, path, feederStream) ?? []);
  return {
    broadcast: onPath("down", `pon/${pon}/feeder/broadcast`),
    // Frames on an OMCC of its own are heard by nobody else: nothing is shared there but the name.
    unicast: onPath("down", "").map((spec) => (spec.stream === "" ? { ...spec, stream: undefined } : spec)),
    upstream: onPath("up", ""),
  };
}

/** What a scenario asks for that real processes cannot do. @throws RunInputError */
export function refuseVirtualOnly(scenario: Scenario): void {
  if (scenario.pons > 1) {
    throw new RunInputError({
      message: `pons: ${scenario.pons} ports are simulated in virtual time only; processes have 1`,
    });
  }
  if (scenario.pon.headendBitsPerSecond !== undefined) {
    throw new RunInputError({ message: "pon.headendBitsPerSecond: acts in virtual time only" });
  }
}
