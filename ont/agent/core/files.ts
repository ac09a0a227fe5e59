/** What the agent decides of its files: when they are fetched, which do, what happens when they do not come. */
import type { TransferRules } from "../../road/core/index.ts";
import { fail, refuseArtifact } from "./action.ts";
import type { AgentContext } from "./context.ts";
import { ATTEMPTS_MAX } from "./policy.ts";
import type { ArtifactRecord } from "./types.ts";
import { windowChangeNs, windowIsOpen } from "./window.ts";

export const fileRules = (context: AgentContext): TransferRules<ArtifactRecord> => ({
  attemptsMax: ATTEMPTS_MAX,
  isFinal: () => false,
  fetch: ({ path }, headers) => context.ask({ method: "GET", path, headers, isBulk: true }),
  identityOf: ({ sizeBytes, sha256 }) => identityOf(sizeBytes, sha256),
  pauseCause: (nowNs) => pauseCause(context, nowNs),
  pauseChangeNs: (nowNs) =>
    context.state === "paused" || context.config.downloadsInWindowOnly === true
      ? windowChangeNs(context, nowNs)
      : Infinity,
  fits: (verdict, artifact) => {
    if (verdict.image !== artifact.image) return verdict.image === "delta" ? "delta-not-expected" : "not-a-delta";
    if (verdict.targetSha256 !== "") artifact.targetSha256 = verdict.targetSha256;
    context.changeAction({ phase: "downloading", artifact: { ...artifact } });
    return "";
  },
  mayFinish: () => true,
  refuse: (nowNs, cause) => refuseArtifact(context, nowNs, cause),
  fail: (nowNs, cause) => fail(context, nowNs, cause),
});

/** Why nothing is fetched now; empty: it is. */
function pauseCause(context: AgentContext, nowNs: number): string {
  const { config, record } = context;
  if (record.isUserPaused) return "user";
  if (context.isDepotPaused) return "depot";
  return config.downloadsInWindowOnly === true && !windowIsOpen(context, nowNs) ? "window" : "";
}

/** By which the store knows the file again, in the form of OMCI; without the CRC-32, which DDI does not tell. */
export const identityOf = (sizeBytes: number, sha256: string): string =>
  `00000000${sizeBytes.toString(16).padStart(8, "0")}${sha256.slice(0, 32)}`;
