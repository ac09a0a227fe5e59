/** How checks, captures and journals look into a simulation without changing it. */
import type { SectionSpan } from "../../omci/index.ts";
import type { OltEvent } from "../../olt/core/types.ts";
import type { AgentEvent } from "../../ont/agent/index.ts";
import type { OntEvent } from "../../ont/core/types.ts";
import type { RunEvent } from "../journal/index.ts";
import type { FlashJob } from "./virtual-flash.ts";
import type { VirtualOnt } from "./virtual-ont.ts";

/** Sees everything a simulation does; what it is handed is valid during the call only. */
export interface Observer {
  /** @param ont the ONT that the event's ONU-ID stands for, where it names one */
  olt?(nowNs: number, pon: number, ont: VirtualOnt | undefined, event: OltEvent): void;
  ont?(nowNs: number, ont: VirtualOnt, event: OntEvent): void;
  /** What the ONT's update agent does. */
  agent?(nowNs: number, ont: VirtualOnt, event: AgentEvent): void;
  run?(nowNs: number, event: RunEvent): void;
  /** Something was done with this ONT: frames, flash, deadline, power. */
  step?(nowNs: number, ont: VirtualOnt): void;
  /** A flash operation was carried out, or (share below 1) the power went in the middle of it. */
  flash?(nowNs: number, ont: VirtualOnt, job: FlashJob, share: number): void;
  /** Sections leave the OLT. @param to ONU-ID, or -1 for all */
  sections?(nowNs: number, pon: number, to: number, span: SectionSpan): void;
  /** Any other frame leaves the OLT. */
  frame?(nowNs: number, pon: number, to: number, pdu: Uint8Array): void;
  /**
   * A frame that has just left the OLT is lost, or comes with a wrong trailer.
   *
   * @param ont whose drop fibre did it; undefined = the feeder, for all
   * @param index within the sections that left together
   */
  missed?(pon: number, ont: VirtualOnt | undefined, index: number): void;
  /** A frame reaches the OLT. */
  upstream?(nowNs: number, ont: VirtualOnt, pdu: Uint8Array): void;
}

/** Several observers as one; a hook that none has stays away. */
export function allOf(observers: readonly Observer[]): Observer {
  const joined: Observer = {};
  const join = <Name extends keyof Observer>(name: Name): void => {
    const hooks = observers.flatMap((observer) => {
      const hook = observer[name] as ((...values: never[]) => void) | undefined;
      return hook === undefined ? [] : [hook.bind(observer)];
    });
    if (hooks.length === 0) return;
    const call = (...values: never[]): void => {
      for (const hook of hooks) hook(...values);
    };
    joined[name] = (hooks.length === 1 ? hooks[0] : call) as unknown as Observer[Name];
  };
  for (const name of [
    "olt",
    "ont",
    "agent",
    "run",
    "step",
    "flash",
    "sections",
    "frame",
    "missed",
    "upstream",
  ] as const)
    join(name);
  return joined;
}
