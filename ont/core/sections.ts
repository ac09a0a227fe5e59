import {
  ANY_INSTANCE,
  nextWindowBase,
  RECOVERY,
  RESULT,
  SOFTWARE_IMAGE,
  type MessageHeader,
  type SectionRun,
  GROUP_TCI_LAST,
  tciAfter,
  windowBaseOf,
} from "../../omci/index.ts";
import type { OntContext } from "./context.ts";
import { endDownload, noteActivity } from "./download.ts";
import { slotOfInstance } from "./images.ts";
import type { DownloadJob } from "./job.ts";
import type { Channel } from "../../pon/types.ts";

/** A section with AR and what its answer says. */
interface SectionReply {
  header: MessageHeader;
  sectionNumber: number;
}

/**
 * A run of Download sections (G.988 A.2.23 to A.2.32, A.3.23 to A.3.32), the hot path: nothing is allocated per section. A section without
 * AR never gets an answer, so that whatever is wrong with it shows only when the window ends.
 */
export function handleRun(ctx: OntContext, nowNs: number, channel: Channel, run: SectionRun): void {
  if (run.classId === RECOVERY && ctx.config.parityAware) handleParity(ctx, nowNs, channel, run);
  else if (run.classId === SOFTWARE_IMAGE) handleData(ctx, nowNs, channel, run);
  else if (channel === "broadcast") return;
  else refuse(ctx, nowNs, run, RESULT.unknownMe);
}

function handleData(ctx: OntContext, nowNs: number, channel: Channel, run: SectionRun): void {
  const job = ctx.download;
  const collects = job !== null && job.storing === null;
  if (channel === "broadcast") {
    // What the broadcast port carries may be for others; only a section of the own download is worth an answer.
    if (!collects || !(run.instanceId === ANY_INSTANCE || run.instanceId === job.slot)) return;
  } else {
    const slot = slotOfInstance(run.instanceId);
    if (slot === null && run.instanceId !== ANY_INSTANCE) {
      return refuse(ctx, nowNs, run, ctx.config.quirks.unknownInstanceResult ?? RESULT.unknownInstance);
    }
    if (ctx.isStoring) return refuse(ctx, nowNs, run, RESULT.deviceBusy);
    if (!collects || (slot !== null && slot !== job.slot)) {
      return refuse(ctx, nowNs, run, ctx.illegal(RESULT.processingError));
    }
  }
  const base = windowBaseOf(run.firstTci, run.firstSection);
  const { quirks } = ctx.config;
  const tellsRepeats = quirks.countsSectionsBlindly !== true && quirks.storesRepeats !== true;
  if (job.accepted?.base === base && tellsRepeats) {
    if (quirks.repeatsSpoilNextWindow === true) job.spoiled ||= run.count > 1 || !run.ackRequested;
    return repeatAnswer(ctx, nowNs, run, job.accepted);
  }
  if (channel === "broadcast" && run.instanceId === ANY_INSTANCE && base !== job.chainBase) return;
  collect(ctx, nowNs, job, run, base);
}

/** A run of the window that is being collected. */
function collect(ctx: OntContext, nowNs: number, job: DownloadJob, run: SectionRun, base: number): void {
  if (job.remainingBytes <= 0) return refuse(ctx, nowNs, run, ctx.illegal(RESULT.processingError));
  const legal = job.windowSections - run.firstSection;
  if (legal >= run.count) return take(ctx, nowNs, job, run, base);
  // An OLT may send less than the window granted, never more (G.988 I.3): what lies beyond it is out of place.
  if (legal > 0) {
    const { sectionBytes } = run;
    take(ctx, nowNs, job, { ...run, count: legal, ackRequested: false, lastSectionBytes: sectionBytes }, base);
  }
  const beyond = {
    ...run,
    firstTci: run.firstTci + legal,
    firstSection: run.firstSection + legal,
    count: run.count - legal,
  };
  refuse(ctx, nowNs, legal > 0 ? beyond : run, ctx.illegal(RESULT.processingError));
}

function take(ctx: OntContext, nowNs: number, job: DownloadJob, run: SectionRun, base: number): void {
  noteActivity(ctx, nowNs);
  const { quirks } = ctx.config;
  const { window } = job;
  if (quirks.discardsPartialWindow === true && window.base !== 0 && window.base !== base) window.clear();
  if (quirks.strictOrder === true && run.firstSection !== job.nextSection) job.spoiled = true;
  if (quirks.countsSectionsBlindly === true) window.put(renumbered(run, job), base);
  else window.put(run, base);
  job.nextSection = quirks.countsSectionsBlindly === true ? job.nextSection + run.count : run.firstSection + run.count;
  if (!run.ackRequested) return;
  window.sections = quirks.countsSectionsBlindly === true ? job.nextSection : run.firstSection + run.count;
  endWindow(ctx, nowNs, job, replyTo(run), tciAfter(run.firstTci, run.count - 1));
}

/** The run as an ONT takes it that only counts: numbered on from the section before. */
function renumbered(run: SectionRun, job: DownloadJob): SectionRun {
  const firstSection = Math.min(job.nextSection, job.windowSections - run.count);
  return { ...run, firstSection };
}

/** The end of the window is known: take it in, or tell how much is missing. */
function endWindow(ctx: OntContext, nowNs: number, job: DownloadJob, reply: SectionReply, lastTci: number): void {
  const { quirks } = ctx.config;
  const { window } = job;
  const missingSections = window.missing(window.sections);
  if (window.lostSections < 0) window.lostSections = missingSections;
  const spoiled =
    job.spoiled || window.dataBytes(window.sections) > (quirks.windowBytesMax ?? Number.POSITIVE_INFINITY);
  job.spoiled = false;
  job.nextSection = 0;
  const repaired = window.repair(window.sections, missingSections);
  const stillMissing = missingSections - repaired;
  if (stillMissing > 0 || spoiled) {
    ctx.events.push({
      type: "windowRefused",
      window: job.windowsAccepted,
      missingSections: stillMissing,
    });
    // A window repeated to a group keeps its TCIs: such an ONT begins anew all the same.
    if (quirks.strictOrder === true || quirks.discardsPartialWindow === true) window.clear();
    // So many more sections, data or parity, would make the window whole.
    const result = quirks.gapResult ?? RESULT.processingError;
    return respond(ctx, nowNs, reply, result, stillMissing, window.lostSections);
  }
  if (quirks.refusesPadding === true && window.dataBytes(window.sections - 1) >= job.remainingBytes) {
    return respond(ctx, nowNs, reply, RESULT.processingError, 0, 0);
  }
  const { lostSections, sections } = window;
  const base = windowBaseOf(lastTci, sections - 1);
  if (!takeIn(ctx, nowNs, job, repaired)) return respond(ctx, nowNs, reply, RESULT.processingError, 0, 0);
  job.accepted = { base, lastTci, sections, lostSections };
  // Unicast TCIs lie above those of the group streams and lead into none of them.
  job.chainBase = lastTci <= GROUP_TCI_LAST ? nextWindowBase(lastTci) : 0;
  respond(ctx, nowNs, reply, RESULT.ok, 0, lostSections);
}

/**
 * Hands a complete window to the verifier and the flash. Null sections that pad the last window are no data.
 *
 * @returns false when the image turns out to be unacceptable: the download is over
 */
function takeIn(ctx: OntContext, nowNs: number, job: DownloadJob, repairedSections: number): boolean {
  const { window } = job;
  const { sections, lostSections } = window;
  const { quirks } = ctx.config;
  const fullBytes = quirks.storesFullWindows === true ? job.windowSections * window.sectionBytes : 0;
  const dataBytes = Math.max(window.dataBytes(sections), fullBytes);
  const bytes = window.memory.subarray(0, Math.min(dataBytes, job.remainingBytes));
  const index = job.windowsAccepted;
  const cause = quirks.checksNothing === true ? undefined : job.verifier.update(bytes);
  if (cause !== undefined) {
    ctx.events.push({ type: "imageRefused", cause, window: index });
    endDownload(ctx, nowNs, "failed", cause);
    return false;
  }
  job.keepHead(bytes);
  ctx.flash.push({ kind: "writeSlot", slot: job.slot, offsetBytes: job.offsetBytes, bytes });
  job.offsetBytes += bytes.length;
  job.windowsAccepted += 1;
  ctx.windowsAccepted += 1;
  ctx.sectionsLost += lostSections;
  if (lostSections > 0) ctx.windowsRepaired += 1;
  ctx.events.push({
    type: "windowAccepted",
    window: index,
    sections,
    lostSections,
    repairedSections,
  });
  window.reset();
  return true;
}

/**
 * A repeat of the window taken in last, because its answer was lost or others still miss parts of it: nothing is stored
 * again; the section that ended the window is answered again.
 */
function repeatAnswer(
  ctx: OntContext,
  nowNs: number,
  run: SectionRun,
  accepted: { sections: number; lostSections: number },
): void {
  if (!run.ackRequested) return;
  if (run.firstSection + run.count !== accepted.sections) return ctx.drop("other end of a window already taken in");
  respond(ctx, nowNs, replyTo(run), RESULT.ok, 0, accepted.lostSections);
}

/** Answers the last section of a run that is not taken; without AR there is nothing to answer. */
function refuse(ctx: OntContext, nowNs: number, run: SectionRun, result: number): void {
  const unanswered = run.count - (run.ackRequested ? 1 : 0);
  if (unanswered > 0) ctx.drop("section out of place", unanswered);
  if (run.ackRequested) respond(ctx, nowNs, replyTo(run), result, 0, 0);
}

const replyTo = (run: SectionRun): SectionReply => ({
  header: {
    tci: tciAfter(run.firstTci, run.count - 1),
    messageSet: run.messageSet,
    classId: run.classId,
    instanceId: run.instanceId,
  },
  sectionNumber: run.firstSection + run.count - 1,
});

function respond(
  ctx: OntContext,
  nowNs: number,
  reply: SectionReply,
  result: number,
  missingSections: number,
  lostSections: number,
): void {
  const counts = ctx.config.recoveryAware ? { missingSections, lostSections } : { missingSections: 0, lostSections: 0 };
  const body = {
    type: "downloadSectionResponse" as const,
    result,
    sectionNumber: reply.sectionNumber,
    ...counts,
  };
  ctx.answerSection(nowNs, reply.header, body);
}

/**
 * Parity sections (extension): instance = low byte of the window's TCI base, then the number of its data sections less
 * one; section number = parity row. Rows are kept until the window ends, whether they come before or after its end.
 */
function handleParity(ctx: OntContext, nowNs: number, channel: Channel, run: SectionRun): void {
  const job = ctx.download;
  if (job === null || job.storing !== null) {
    if (channel === "omcc") refuse(ctx, nowNs, run, ctx.illegal(RESULT.processingError));
    return;
  }
  const sections = (run.instanceId & 0xff) + 1;
  const base = windowBaseOf(run.firstTci, sections + run.firstSection);
  if ((base & 0xff) !== run.instanceId >> 8) return ctx.drop("parity of another window", run.count);
  const { accepted, window } = job;
  if (accepted?.base === base && accepted.sections === sections) {
    if (run.ackRequested) respond(ctx, nowNs, replyTo(run), RESULT.ok, 0, accepted.lostSections);
    return;
  }
  const isOwn = base === job.chainBase || (channel === "omcc" && base === window.base);
  if (!isOwn || sections > job.windowSections || job.remainingBytes <= 0)
    return ctx.drop("parity of another window", run.count);
  if (!window.putParity(run, sections, base)) return ctx.drop("parity of another section size", run.count);
  if (!run.ackRequested) return;
  endWindow(ctx, nowNs, job, replyTo(run), tciAfter(base, sections - 1));
}
