/** What a run of update agents in processes needs of its own, over HTTPS or by file: loaded late, as no other run needs it. */
import type { Scenario } from "../../scenarios/index.ts";
import type { RunProcesses } from "../processes/run-processes.ts";
import type { HttpsProcessesOptions } from "./processes.ts";

export type MakeAgentProcesses = (options: Omit<HttpsProcessesOptions, "identity">) => RunProcesses;

/**
 * @param nowSeconds since 1970-01-01 UTC, for certificates
 * @returns undefined for the road omci
 * @throws RunInputError for what the depot cannot be
 */
export async function agentRoad(scenario: Scenario, nowSeconds: number): Promise<MakeAgentProcesses | undefined> {
  switch (scenario.road) {
    case "omci":
      return undefined;
    case "https":
      return await httpsRoad(scenario, nowSeconds);
    case "file": {
      const { FileProcesses } = await import("../file/processes.ts");
      return (options) => new FileProcesses(options);
    }
  }
}

async function httpsRoad(scenario: Scenario, nowSeconds: number): Promise<MakeAgentProcesses> {
  const [{ HttpsProcesses }, { makeDepotIdentity }, { depotConfigOf }] = await Promise.all([
    import("./processes.ts"),
    import("./identity.ts"),
    import("./facts.ts"),
  ]);
  depotConfigOf(scenario);
  const identity = await makeDepotIdentity(nowSeconds);
  return (options) => new HttpsProcesses({ ...options, identity });
}
