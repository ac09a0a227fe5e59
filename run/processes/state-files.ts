/**
 * Images and flash of a run, laid out before its processes start and cleared away behind them. A page that is opened meanwhile is
 * answered: what is large is written and removed by threads of the system's calls, and others have a turn behind each ONT.
 */
import { rm, writeFile } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type FleetOnt, stateMaker } from "./fleet.ts";
import { imagePathsIn } from "./plan.ts";

/** @param onts those whose processes are of this machine */
export async function makeStateFiles(
  folder: string,
  payloads: readonly { content: Uint8Array }[],
  onts: readonly FleetOnt[],
): Promise<void> {
  for (const [index, path] of imagePathsIn(folder, payloads.length).entries())
    await writeFile(path, payloads[index].content);
  const make = stateMaker();
  for (const ont of onts) {
    make(ont);
    await nextTurn();
  }
}

export const removeStateFiles = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
