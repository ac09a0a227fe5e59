/** Where the built programs of OLT and ONT processes are found, installed or in the source tree. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { RunInputError } from "../errors.ts";

export interface ProcessBundles {
  olt: string;
  /** Serves the feed that several OLTs share. */
  feed: string;
  ont: string;
  /** Of ONTs whose images come from a depot. */
  agent: string;
  depot: string;
  /** Of ONTs that are CPEs of TR-069. */
  cpe: string;
  acs: string;
  /** Of ONTs that a campaign has updated by any of these. */
  roads: string;
}

/**
 * The bundles the processes are started from: beside the bundle that runs, or, from source, in `dist/` of the project.
 *
 * @throws RunInputError when they are not built
 */
export function findBundles(distFolder: string | undefined): ProcessBundles {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = distFolder === undefined ? [here, resolve(here, "../../dist")] : [resolve(distFolder)];
  for (const folder of folders) {
    const bundles = {
      olt: join(folder, "olt.js"),
      feed: join(folder, "feed.js"),
      ont: join(folder, "ont.cjs"),
      agent: join(folder, "agent.js"),
      depot: join(folder, "depot.js"),
      cpe: join(folder, "cpe.js"),
      acs: join(folder, "acs.js"),
      roads: join(folder, "roads.js"),
    };
    if (existsSync(bundles.olt) && existsSync(bundles.ont)) return bundles;
  }
  throw new RunInputError(`no olt.js and ont.cjs in ${folders.join(" or ")}; run: npm run build`);
}
