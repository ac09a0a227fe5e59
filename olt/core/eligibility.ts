/** What an ONT needs, and in which messages it is served: from what it told. */
import { compareVersions } from "../../image/index.ts";
import type { MessageSet } from "../../omci/index.ts";
import { activeInstanceOf, committedInstanceOf, type OntFacts } from "./facts.ts";
import type { ImageSource } from "../../image/index.ts";
import type { OltContext } from "./context.ts";
import { payloadFor } from "./payload-choice.ts";
import type { OltConfig } from "./types.ts";

/** What an ONT needs, from what it told. */
export type Need =
  | { kind: "download"; instance: number }
  /** The image is in its inactive slot already. */
  | { kind: "stored"; instance: number }
  /** The image runs, but is not committed yet. */
  | { kind: "trial"; instance: number }
  | { kind: "skip"; cause: string }
  | { kind: "impossible"; cause: string };

/** Message set of a download: an ONT that does not know extended gets baseline, whatever the run asks for. */
export const messageSetFor = ({ messageSet }: Pick<OltConfig, "messageSet">, { extended }: OntFacts): MessageSet =>
  messageSet === "extended" && extended ? "extended" : "baseline";

/**
 * Decides what to do with an ONT (G.988 9.1.4: Start is legal only on an instance neither active nor committed).
 *
 * @param force sends to ONTs that are not eligible too; only what G.988 itself forbids still stops it.
 */
export function needOf(facts: OntFacts, image: ImageSource, force: boolean): Need {
  const active = activeInstanceOf(facts);
  const committed = committedInstanceOf(facts);
  const runs = active >= 0 ? facts.images[active] : undefined;
  const isOurs = (index: number): boolean => image.version !== "" && facts.images[index].version === image.version;
  if (!force) {
    const refusal = ineligible(facts, image, runs?.version ?? "");
    if (refusal) return { kind: "skip", cause: refusal };
    if (active >= 0 && isOurs(active)) {
      if (active === committed) return { kind: "skip", cause: `runs version ${image.version} already` };
      return { kind: "trial", instance: active };
    }
  }
  const free = [0, 1].find((index) => index !== active && index !== committed);
  if (free === undefined) {
    const other = facts.images[committed];
    if (!force && isOurs(committed) && other.valid) return { kind: "stored", instance: committed };
    return {
      kind: "impossible",
      cause: `no free image instance: ${active} is active, ${committed} is committed`,
    };
  }
  if (!force && facts.images[free].valid && isOurs(free)) return { kind: "stored", instance: free };
  return { kind: "download", instance: free };
}

/** The same where one of several payloads is for the ONT, by its hardware. */
export function needAmong({ payloads, image, config }: OltContext, facts: OntFacts): Need {
  if (payloadFor(payloads, facts) !== undefined) return needOf(facts, image, config.force);
  return { kind: "skip", cause: `hardware ${facts.hardware}: no image is for it` };
}

function ineligible(facts: OntFacts, image: ImageSource, runningVersion: string): string {
  if (facts.productCode !== "" && image.productCode !== "" && facts.productCode !== image.productCode) {
    return `product code ${facts.productCode}, the image is for ${image.productCode}`;
  }
  const { minimumVersion } = image;
  if (minimumVersion !== "" && runningVersion !== "" && compareVersions(runningVersion, minimumVersion) < 0) {
    return `runs version ${runningVersion}; the image replaces ${minimumVersion} and later only`;
  }
  return "";
}
