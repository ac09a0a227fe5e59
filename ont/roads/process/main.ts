/** Entry of the process of ONTs with several roads: OMCI, and beside it what a campaign may give them to. */
import { ConnectionRequestDoor } from "../../cpe/process/connection-requests.ts";
import { OntProcess } from "../../process/process.ts";
import { runRoads } from "../../road/process/child.ts";
import { OntRoads } from "./ont-roads.ts";
import type { FromRoadsProcess, RoadsEvent, RoadsProcessConfig, RoadsSnapshot } from "./protocol.ts";

/** How far downloads are is told so often. */
const PROGRESS_MS = 500;

runRoads<RoadsProcessConfig, RoadsEvent, RoadsSnapshot>("roads.js", start);

async function start(
  config: RoadsProcessConfig,
  report: (message: FromRoadsProcess) => void,
): Promise<{ stop(): void }> {
  const each = new Map<string, OntRoads>();
  for (const ont of config.onts) {
    const door = config.roads[ont.serial]?.cwmp === undefined ? undefined : await ConnectionRequestDoor.listen();
    const links = {
      tell: (serial: string, timeNs: number, event: RoadsEvent, progress: RoadsSnapshot) =>
        report({ type: "roadEvents", events: [{ serial, timeNs, event, progress }] }),
      onFailure: (error: unknown) => report({ type: "failed", message: String(error).split("\n", 1)[0] }),
    };
    each.set(ont.serial, new OntRoads(ont, config, door, links));
  }
  const onts = await OntProcess.start(config, report, (ont, store) => each.get(ont.serial)!.boot(store));
  const tellProgress = (): void =>
    report({
      type: "progress",
      each: [...each.values()].flatMap((roads) =>
        roads.snapshots().map((progress) => ({ serial: roads.serial, progress })),
      ),
    });
  const timer = setInterval(tellProgress, PROGRESS_MS);
  return {
    stop() {
      clearInterval(timer);
      tellProgress();
      onts.stop();
      for (const roads of each.values()) roads.close();
    },
  };
}
