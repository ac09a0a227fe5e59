/** A run of the OLT core over the ONUs behind an OpenOLT server. */
import { UnicastRun, type UnicastRunOptions } from "../unicast-run.ts";
import { type OpenOltOnu, OpenOltSouthbound, type OpenOltWay } from "./southbound.ts";

export interface OpenOltOptions extends UnicastRunOptions, Pick<OpenOltWay, "address"> {
  /** Sees every frame, as the server takes and gives it: without trailer. */
  onFrame?: OpenOltWay["onFrame"];
}

/** One stream serves all ONUs. */
export class OpenOltRun extends UnicastRun<OpenOltSouthbound> {
  constructor(options: OpenOltOptions) {
    const { address, nowNs, onFrame } = options;
    super(options, (onEnd) => new OpenOltSouthbound({ address, nowNs, onFrame, onEnd }));
  }

  get onus(): readonly OpenOltOnu[] {
    return this.southbound.onus;
  }
}
