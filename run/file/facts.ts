/** What the devices of a run by file are like, and the update.zip that they find. */
import { buildArchive } from "../../image/archive/index.ts";
import { publicKeyOf } from "../../image/index.ts";
import type { FolderRoad } from "../../ont/folder/index.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { RunImages } from "../images/index.ts";
import { privateKeyFor } from "../images/made.ts";
import type { Scenario } from "../../scenarios/index.ts";

/** The archive is signed by the run itself; who signed the bundles in it is judged by the keys of the images, as ever. */
const archiveKeyOf = ({ seed }: Scenario): string => privateKeyFor(seed, "archive");

/** All payloads of a run in one file. */
export const archiveOf = (scenario: Scenario, { payloads }: RunImages): Buffer =>
  buildArchive(
    payloads.map(({ kind, hardware, content }, number) => ({ name: `${kind}-${number}.bundle`, hardware, content })),
    archiveKeyOf(scenario),
  );

export const folderFactsOf = (
  { properties }: OntPlan,
  scenario: Scenario,
  { trustedKeys }: Pick<RunImages, "trustedKeys">,
): Omit<FolderRoad, "folder"> => ({
  archiveKeys: [publicKeyOf(archiveKeyOf(scenario))],
  trustedKeys,
  productCode: properties.productCode,
  hardwareVersion: properties.hardware,
  allowDowngrade: properties.allowDowngrade,
  deltaAware: properties.deltaAware,
});

/** When a device has update.zip, from when the visits begin. */
export const visitSeconds = ({ index }: OntPlan, { updateZip }: Scenario): number => index * updateZip.everySeconds;
