/** The verdict on one ONT: what the OLT says of it, checked against what its storage holds. */
import type { OltOntStatus } from "../../olt/core/types.ts";
import type { ImageFacts, OntFinal, OntOutcome, OntResult, OntStorage } from "./types.ts";

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

/** Where an ONT's storage cannot be read there is only the OLT's word, which goes by what the ONT answered. */
function toldVerdictOf(final: OntFinal, olt: OltOntStatus | undefined, image: ImageFacts, endedEarly: string): Verdict {
  const cause = causeOf(final, olt, endedEarly);
  switch (olt?.phase) {
    case "skipped":
      return olt.version === image.version ? { outcome: "committed", cause: "" } : { outcome: "skipped", cause };
    case "committed":
      return { outcome: "committed", cause: "" };
    case "rolledBack":
    case "stored":
    case "trial":
      return { outcome: olt.phase, cause };
    case "failed":
      return { outcome: "failed", cause: cause || "failed without a cause" };
    default:
      return unfinished(final, olt, endedEarly);
  }
}

/** Whether the image is where it has to be: the OLT's word alone is not taken for it. */
function readVerdictOf(
  final: OntFinal,
  storage: OntStorage,
  olt: OltOntStatus | undefined,
  image: ImageFacts,
  endedEarly: string,
): Verdict {
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

type Images = Pick<OntResult, "activeInstance" | "committedInstance" | "version" | "sha256">;

function readImages(storage: OntStorage, outcome: OntOutcome, image: ImageFacts): Images {
  const { activeInstance, committedInstance, slots } = storage;
  const fresh = slots.findIndex((slot) => slot?.sha256 === image.sha256);
  const shown = (outcome === "stored" || outcome === "trial") && fresh >= 0 ? fresh : committedInstance;
  const version = slots[activeInstance]?.version ?? "";
  return { activeInstance, committedInstance, version, sha256: slots[shown]?.sha256 ?? "" };
}

const toldImages = (olt: OltOntStatus | undefined): Images => ({
  activeInstance: olt?.activeInstance ?? 0,
  committedInstance: olt?.committedInstance ?? 0,
  version: olt?.version ?? "",
  sha256: "",
});

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
  const { outcome, cause } = storage
    ? readVerdictOf(final, storage, olt, image, endedEarly)
    : toldVerdictOf(final, olt, image, endedEarly);
  const downloaded = olt !== undefined && olt.startedNs >= 0 && olt.endedNs >= olt.startedNs;
  return {
    id: final.id,
    serial: final.serial,
    outcome,
    cause,
    ...(storage ? readImages(storage, outcome, image) : toldImages(olt)),
    bootAttempts: final.bootAttempts,
    windowsRepaired: olt?.windowsRepaired ?? 0,
    sectionsLost: olt?.sectionsLost ?? 0,
    leftGroup: olt?.leftGroup ?? false,
    ...(olt?.inBaseline && { inBaseline: true }),
    downloadSeconds: downloaded ? (olt.endedNs - olt.startedNs) / NS_PER_SECOND : null,
  };
}
