/** Entry of the process of ONTs with their TR-069 side. */
import { join } from "node:path";
import { createStream } from "../../../pon/index.ts";
import { RoadDevice, RoadProcess, runRoads, stapledAgent } from "../../road/process/index.ts";
import type { CpeEvent, CpeSnapshot } from "../core/types.ts";
import { cpeConfigOf } from "../device-config.ts";
import { ConnectionRequestDoor } from "./connection-requests.ts";
import { CpeDriver, type CpeLinks } from "./driver.ts";
import type { CpeDescription, CpeProcessConfig } from "./protocol.ts";

const RECORD_FILE = "cpe.json";

runRoads<CpeProcessConfig, CpeEvent, CpeSnapshot>("cpe.js", async (config, report) => {
  const doors = await Promise.all(config.devices.map(() => ConnectionRequestDoor.listen()));
  const doorOf = new Map(config.devices.map((description, index) => [description, doors[index]]));
  return new RoadProcess<CpeDescription, CpeEvent, CpeSnapshot>(
    config,
    (description, links) => {
      const { ont, facts } = description;
      const door = doorOf.get(description)!;
      const chance = createStream(config.seed, `ont/${ont.serial}/cpe`);
      const cpeConfig = cpeConfigOf(facts, config.acsUrl, door.url, chance);
      return new RoadDevice(ont, config.durability, links, (shared, own) => {
        const tls = stapledAgent(config.trusted);
        const store = shared.road();
        const recordFile = join(ont.stateFolder, RECORD_FILE);
        const start = (onEvent: CpeLinks["onEvent"]): CpeDriver => {
          const driver = new CpeDriver(cpeConfig, { ...own, store, agent: tls, recordFile, onEvent });
          door.serve(
            (username) => driver.connectionRequestPassword(username),
            () => driver.handleConnectionRequest(),
          );
          return driver;
        };
        return { starts: [start], close: () => tls.destroy() };
      });
    },
    report,
  );
});
