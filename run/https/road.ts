/** What a run over HTTPS in processes needs of its own: loaded late, as no other run needs it. */
import type { Scenario } from "../../scenarios/index.ts";
import type { RunProcesses } from "../processes/run-processes.ts";
import type { HttpsProcessesOptions } from "./processes.ts";

export type MakeHttpsProcesses = (options: Omit<HttpsProcessesOptions, "identity">) => RunProcesses;

/**
 * @param nowSeconds since 1970-01-01 UTC, for certificates
 * @throws RunInputError for what the depot cannot be
 */
export async function httpsRoad(scenario: Scenario, nowSeconds: number): Promise<MakeHttpsProcesses> {
  const [{ HttpsProcesses }, { makeDepotIdentity }, { depotConfigOf }] = await Promise.all([
    import("./processes.ts"),
    import("./identity.ts"),
    import("./facts.ts"),
  ]);
  depotConfigOf(scenario);
  const identity = await makeDepotIdentity(nowSeconds);
  return (options) => new HttpsProcesses({ ...options, identity });
}
