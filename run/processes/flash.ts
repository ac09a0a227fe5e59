/** What is in the flash of an ONT in processes. */
import { readBootRecord } from "../../ont/process/index.ts";
import type { OntFlash } from "../types.ts";
import type { RunState } from "./run-state.ts";

/** Read when somebody looks at this ONT: its own files. */
export function flashOf({ onts }: RunState, index: number): OntFlash | undefined {
  const ont = onts[index];
  if (ont === undefined) return undefined;
  try {
    const record = readBootRecord(ont.fleet.description.stateFolder) ?? undefined;
    return { activeSlot: ont.view.cell === "off" ? undefined : ont.activeSlot, record };
  } catch {
    return undefined;
  }
}
