/** The OLT core's settings, from a scenario. */
import { sectionDataBytes } from "../../omci/index.ts";
import type { OltConfig } from "../../olt/core/types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { nsOf, planFleet } from "./plan.ts";

/** One core for each PON port. */
export function toOltConfig(scenario: Scenario): OltConfig {
  const { olt } = scenario;
  const plans = planFleet({ ...scenario, pons: 1 });
  const sectionBytes = olt.messageSet === "baseline" ? sectionDataBytes("baseline") : olt.sectionBytes;
  return {
    mode: olt.mode,
    recovery: olt.recovery,
    messageSet: olt.messageSet,
    windowSections: olt.windowSections,
    sectionBytes,
    instance: olt.instance,
    padLastWindow: olt.padLastWindow,
    proactive: olt.proactive,
    resume: olt.resume,
    concurrency: olt.concurrency,
    catchUp: {
      when: olt.catchUp.when,
      waitNs: nsOf(olt.catchUp.waitSeconds * 1000),
      onts: olt.catchUp.onts,
    },
    patience: olt.patience,
    rateBytesPerSecond: olt.rateBytesPerSecond ?? Infinity,
    expectedOnts: plans.filter((plan) => plan.joinAtSeconds === 0).length,
    knownOnts: plans.length,
    force: olt.force,
    canary: olt.canary,
    wave: olt.wave,
    failureThreshold: olt.failureThreshold,
    soakNs: nsOf(olt.soakMs),
    commit: olt.commit,
    activate: olt.activate,
    limits: {
      answerTimeoutNs: nsOf(olt.answerTimeoutMs),
      answerTimeoutMinNs: nsOf(olt.answerTimeoutMinMs),
      sendsMax: olt.sendsMax,
      busyPollNs: nsOf(olt.busyPollMs),
      busyWaitNs: nsOf(olt.busyWaitMs),
      rebootWaitNs: nsOf(olt.rebootWaitMs),
      rangingPatienceNs: nsOf(olt.rangingPatienceMs),
      returnWaitNs: nsOf(olt.returnWaitMs),
      arrivalWaitNs: nsOf(olt.returnWaitMs + 1000 * Math.max(...plans.map(({ joinAtSeconds }) => joinAtSeconds))),
      restartsMax: olt.restartsMax,
      runNs: nsOf(olt.runSeconds * 1000),
    },
  };
}
