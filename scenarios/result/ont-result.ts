import type { OltOntStatus } from "../../olt/core/types.ts";
import type { ImageFacts, OntFinal, OntOutcome, OntResult } from "./types.ts";

interface Verdict {
  outcome: OntOutcome;
  cause: string;
}

const NS_PER_SECOND = 1e9;

/** Joins what the OLT and the ONT say about one failure. */
function causeOf(final: OntFinal, olt: OltOntStatus | undefined, endedEarly: string): string {
  const fromOlt = olt?.cause ?? "";
  if (fromOlt === "") return final.cause || endedEarly;
  if (final.cause === "" || fromOlt.includes(final.cause)) return fromOlt;
  return `${fromOlt} (ONT: ${final.cause})`;
}

function unfinished(final: OntFinal, olt: OltOntStatus | undefined, endedEarly: string): Verdict {
  const where = olt ? `unfinished while ${olt.phase}` : "the OLT never saw it";
  const why = causeOf(final, olt, endedEarly);
  return { outcome: "failed", cause: why === "" ? where : `${where}: ${why}` };
}

/** Whether the image is where it has to be: the OLT's word alone is not taken for it. */
function verdictOf(final: OntFinal, olt: OltOntStatus | undefined, image: ImageFacts, endedEarly: string): Verdict {
  const { storage } = final;
  const holds = (instance: number): string | undefined => storage.slots[instance]?.sha256;
  const committed = holds(storage.committedInstance);
  const active = holds(storage.activeInstance);
  const cause = causeOf(final, olt, endedEarly);
  if (storage.fault !== "") return { outcome: "failed", cause: storage.fault };
  switch (olt?.phase) {
    case "committed":
    case "skipped":
      if (committed === image.sha256 && active === image.sha256) return { outcome: "committed", cause: "" };
      if (olt.phase === "skipped") return { outcome: "skipped", cause };
      return {
        outcome: "failed",
        cause: "answered Commit, but the committed slot does not hold the image",
      };
    case "rolledBack":
      if (committed === final.factorySha256 && active === committed) return { outcome: "rolledBack", cause };
      return { outcome: "failed", cause: "rolled back, but not to the image it came with" };
    case "failed":
      return { outcome: "failed", cause: cause || "failed without a cause" };
    case "stored":
      if (storage.slots.every((slot) => slot?.sha256 !== image.sha256)) {
        return { outcome: "failed", cause: "answered End, but no slot holds the image" };
      }
      return { outcome: "stored", cause };
    case "trial":
      if (active === image.sha256) return { outcome: "trial", cause };
      return { outcome: "failed", cause: "on trial, but the active slot does not hold the image" };
    default:
      return unfinished(final, olt, endedEarly);
  }
}

/**
 * Result of one ONT from what the OLT last knew of it and what its storage holds.
 *
 * @param endedEarly why the whole run ended before the OLT was done, else empty
 */
export function ontResultOf(
  final: OntFinal,
  olt: OltOntStatus | undefined,
  image: ImageFacts,
  endedEarly: string,
): OntResult {
  const { storage } = final;
  const { outcome, cause } = verdictOf(final, olt, image, endedEarly);
  const fresh = storage.slots.findIndex((slot) => slot?.sha256 === image.sha256);
  const shown = (outcome === "stored" || outcome === "trial") && fresh >= 0 ? fresh : storage.committedInstance;
  const downloaded = olt !== undefined && olt.startedNs >= 0 && olt.endedNs >= olt.startedNs;
  return {
    id: final.id,
    serial: final.serial,
    outcome,
    cause,
    activeInstance: storage.activeInstance,
    committedInstance: storage.committedInstance,
    version: storage.slots[storage.activeInstance]?.version ?? "",
    sha256: storage.slots[shown]?.sha256 ?? "",
    bootAttempts: final.bootAttempts,
    windowsRepaired: olt?.windowsRepaired ?? 0,
    sectionsLost: olt?.sectionsLost ?? 0,
    leftGroup: olt?.leftGroup ?? false,
    downloadSeconds: downloaded ? (olt.endedNs - olt.startedNs) / NS_PER_SECOND : null,
  };
}
