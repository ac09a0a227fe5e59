/** What a run in processes needs of its own whose ONTs fetch their images, over HTTPS, over TR-069 or by file: loaded late, as no other run needs it. */
import type { OltProcessConfig } from "../../olt/process/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { RunImages } from "../images/index.ts";
import { hasCampaign } from "../campaign/plan.ts";
import type { ProcessesOptions } from "../processes/processes.ts";
import type { ProcessBundles } from "../processes/bundles.ts";
import type { RunProcesses } from "../processes/run-processes.ts";
import type { HeadendProcessesOptions } from "./headend-processes.ts";
import type { HeadendIdentity } from "./identity.ts";

export interface PullRoadOptions {
  scenario: Scenario;
  images: RunImages;
  /** What the headend hands out. */
  imagePaths: readonly string[];
  stateFolder: string;
  bundles: ProcessBundles;
  epochNs: bigint;
  /** Of a run that has an OLT, too. */
  oltConfig: OltProcessConfig;
  ontConfigOf: ProcessesOptions["ontConfigOf"];
}

export type MakePullProcesses = (options: PullRoadOptions & HeadendProcessesOptions) => RunProcesses;

/**
 * @param nowSeconds since 1970-01-01 UTC, for certificates
 * @returns undefined for the road omci alone
 * @throws RunInputError for what the headend cannot be
 */
export async function pullRoad(scenario: Scenario, nowSeconds: number): Promise<MakePullProcesses | undefined> {
  if (hasCampaign(scenario)) {
    const { campaignProcesses } = await import("../campaign/processes/make.ts");
    return await campaignProcesses(scenario, nowSeconds);
  }
  switch (scenario.road) {
    case "omci":
      return undefined;
    case "https": {
      const { depotConfigOf } = await import("../https/facts.ts");
      depotConfigOf(scenario);
      const [{ HeadendProcesses }, { httpsRoad }, identity] = await Promise.all([
        import("./headend-processes.ts"),
        import("../https/road.ts"),
        identityAt(nowSeconds),
      ]);
      return (options) => new HeadendProcesses(httpsRoad(options, identity), options);
    }
    case "cwmp": {
      const { acsConfigOf } = await import("../cwmp/facts.ts");
      acsConfigOf(scenario);
      const [{ HeadendProcesses }, { cwmpRoad }, identity] = await Promise.all([
        import("./headend-processes.ts"),
        import("../cwmp/road.ts"),
        identityAt(nowSeconds),
      ]);
      return (options) => new HeadendProcesses(cwmpRoad(options, identity), options);
    }
    case "file": {
      const { FileProcesses } = await import("../file/processes.ts");
      return (options) => new FileProcesses(options);
    }
  }
}

async function identityAt(nowSeconds: number): Promise<HeadendIdentity> {
  const { makeHeadendIdentity } = await import("./identity.ts");
  return await makeHeadendIdentity(nowSeconds);
}
