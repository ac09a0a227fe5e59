/** An action of the depot from its deployment to the report that closes it: which file does, how it ends. */
import { CHUNK_METADATA, type DdiArtifact, type DdiChunk, type DdiDeployment } from "../../../base/ddi/index.ts";
import { newTransfer } from "../../road/core/index.ts";
import type { AgentContext } from "./context.ts";
import { report } from "./report.ts";
import type { ActionOutcome, ArtifactRecord } from "./types.ts";

/** Files of a size that no image has are not begun. */
const IMAGE_BYTES_MAX = 0xffff_ffff;

type Candidate = { artifact: ArtifactRecord } | { cause: string };

/** A deployment that is new to this device. */
export function beginAction(
  context: AgentContext,
  nowNs: number,
  path: string,
  id: string,
  { chunks }: DdiDeployment,
): void {
  const { device } = context;
  const candidates = chunks.flatMap((chunk) => chunk.artifacts.map((each) => candidateOf(context, chunk, each)));
  const fitting = candidates.flatMap((each) => ("artifact" in each ? [each.artifact] : []));
  // The least to fetch first: a delta, where one fits.
  fitting.sort((one, other) => one.sizeBytes - other.sizeBytes);
  const artifact = fitting.find(({ sha256 }) => !context.refused.has(sha256)) ?? null;
  context.persist({ action: { id, path, phase: "checking", artifact, attempts: 0, outcome: null } });
  const isThere = fitting.some(({ targetSha256 }) => targetSha256 !== "" && targetSha256 === device.runs?.sha256);
  if (isThere && device.isCommitted) return closeAction(context, nowNs, { state: "committed", cause: "" });
  if (artifact === null) {
    const problem = candidates.find((each) => "cause" in each);
    const said = chunks.flatMap(({ metadata }) => metadata).find(({ key }) => key === CHUNK_METADATA.why)?.value;
    const found = problem && "cause" in problem ? problem.cause : said;
    const cause = [...context.refused.values()].at(-1) ?? found ?? "no file";
    return closeAction(context, nowNs, { state: "failed", cause });
  }
  report(context, nowNs, { action: id }, { execution: "proceeding", finished: "none", details: [] });
  // It may be in the slot already: this device lost what it knew of the action, or another road brought it.
  if (artifact.targetSha256 === device.other?.sha256) {
    context.changeAction({ phase: "stored" });
    context.setState(nowNs, "waiting");
    return;
  }
  context.setState(nowNs, "checking");
  context.transfer = newTransfer(artifact, nowNs);
}

function candidateOf(context: AgentContext, chunk: DdiChunk, artifact: DdiArtifact): Candidate {
  const { sizeBytes, hashes, links } = artifact;
  const metadata = new Map(chunk.metadata.map(({ key, value }) => [key, value]));
  const image = metadata.get(CHUNK_METADATA.kind) === "delta" ? "delta" : "image";
  const href = links.download ?? links.downloadHttp;
  const path = href === undefined ? undefined : context.pathOf(href);
  if (path === undefined) return { cause: "other-origin" };
  if (hashes.sha256 === undefined) return { cause: "no SHA-256" };
  if (sizeBytes < 1 || sizeBytes > IMAGE_BYTES_MAX) return { cause: "size-mismatch" };
  if (image === "delta" && metadata.get(CHUNK_METADATA.baseSha256) !== context.device.runs?.sha256)
    return { cause: "wrong-base" };
  const targetSha256 = image === "image" ? hashes.sha256 : (metadata.get(CHUNK_METADATA.targetSha256) ?? "");
  return { artifact: { path, sha256: hashes.sha256, sizeBytes, image, etag: "", targetSha256 } };
}

/** The file does not do: another of the deployment may; the depot is asked for it again. */
export function refuseArtifact(context: AgentContext, nowNs: number, cause: string): void {
  const { action } = context.record;
  context.dropTransfer();
  if (action === null) return;
  context.refused.set(action.artifact?.sha256 ?? "", cause);
  context.emit({ type: "dropped", cause: `file: ${cause}` });
  context.persist({ action: null });
  context.setState(nowNs, "checking", cause);
  context.tasks.push({ kind: "deployment", path: action.path });
}

/** What is under way is given up, and nobody has to be told. */
export function withdraw(context: AgentContext, nowNs: number, cause: string): void {
  const { action } = context.record;
  if (action === null || action.phase === "applying" || action.phase === "closed") return;
  endAction(context, nowNs, context.record.closedPath);
  context.setState(nowNs, "idle", cause);
}

/** @param closedPath of the deployment that is not begun again */
export function endAction(context: AgentContext, nowNs: number, closedPath: string): void {
  context.dropTransfer();
  context.refused.clear();
  context.persist({ action: null, closedPath });
  context.sinceNs = nowNs;
}

/** The end of an action: kept first, then told. */
export function closeAction(context: AgentContext, nowNs: number, outcome: ActionOutcome): void {
  context.dropTransfer();
  context.refused.clear();
  context.setState(nowNs, outcome.state, outcome.cause);
  context.changeAction({ phase: "closed", outcome }, "close");
}

export const fail = (context: AgentContext, nowNs: number, cause: string): void =>
  closeAction(context, nowNs, { state: "failed", cause });

/** The outcome outlives a power cut: now the depot may know. */
export function tellOutcome(context: AgentContext, nowNs: number): void {
  const { action } = context.record;
  if (action === null || action.outcome === null) return;
  const { state, cause } = action.outcome;
  const details = [state === "committed" ? "committed" : `${state}: ${cause}`];
  const finished = state === "committed" ? "success" : "failure";
  report(context, nowNs, { action: action.id, isFinal: true }, { execution: "closed", finished, details });
}

/** The depot knows how it ended. */
export function reported(context: AgentContext, nowNs: number): void {
  const { action } = context.record;
  if (action?.phase !== "closed") return;
  context.persist({ action: null, closedPath: action.path });
  context.sinceNs = nowNs;
}
