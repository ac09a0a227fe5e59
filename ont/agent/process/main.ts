/** Entry of the process of ONTs with their update agents. */
import { RoadDevice, RoadProcess, runRoads } from "../../road/process/index.ts";
import type { AgentEvent, AgentSnapshot } from "../core/types.ts";
import type { AgentDescription, AgentProcessConfig } from "./protocol.ts";
import { roadsOf } from "./roads.ts";

runRoads<AgentProcessConfig, AgentEvent, AgentSnapshot>(
  "agent.js",
  (config, report) =>
    new RoadProcess<AgentDescription, AgentEvent, AgentSnapshot>(
      config,
      (description, links) =>
        new RoadDevice(description.ont, config.durability, links, (shared, own) =>
          roadsOf(description, config, shared, own),
        ),
      report,
    ),
);
