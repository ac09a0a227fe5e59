/** Download sections: a span of them becomes part of a window, a window part of the image. The hot path of an ONT. */
import {
  ANY_INSTANCE,
  nextWindowBase,
  RECOVERY,
  RESULT,
  SOFTWARE_IMAGE,
  type MessageHeader,
  type SectionSpan,
  GROUP_TCI_LAST,
  tciAfter,
  windowBaseOf,
  isParityOf,
  paritySections,
} from "../../omci/index.ts";
import type { RefusalCause } from "../../image/index.ts";
import { withPartial } from "./boot.ts";
import type { OntContext } from "./context.ts";
import { endDownload, noteActivity } from "./download.ts";
import { slotOfInstance, STAGING } from "./images.ts";
import type { AcceptedWindow, DownloadJob } from "./job.ts";
import { entityOf } from "./mib.ts";
import { targetCause } from "./rebuild.ts";
import type { Channel } from "../../pon/types.ts";

/** A section with AR and what its answer says. */
interface SectionReply {
  header: MessageHeader;
  sectionNumber: number;
}

/**
 * A span of Download sections (G.988 A.2.23 to A.2.32, A.3.23 to A.3.32), the hot path: nothing is allocated per section. A section without
 * AR never gets an answer, so that whatever is wrong with it shows only when the window ends.
 */
export function handleSpan(context: OntContext, nowNs: number, channel: Channel, span: SectionSpan): void {
  if (span.classId === SOFTWARE_IMAGE) handleData(context, nowNs, channel, span);
  else if (span.classId === RECOVERY && takesParity(context)) handleParity(context, nowNs, channel, span);
  else if (channel === "broadcast") return;
  else refuse(context, nowNs, span, RESULT.unknownMe);
}

/** Parity is sent to the recovery ME: an ONT without that has nothing to take it. */
const takesParity = ({ config }: OntContext): boolean => config.parityAware && entityOf(config, RECOVERY) !== undefined;

function handleData(context: OntContext, nowNs: number, channel: Channel, span: SectionSpan): void {
  const { behaviour, download: job } = context;
  const { refusals } = behaviour;
  const collects = job !== null && job.storing === null && !job.isLocal;
  if (channel === "broadcast") {
    // What the broadcast port carries may be for others; only a section of the own download is worth an answer.
    if (!collects || !(span.instanceId === ANY_INSTANCE || span.instanceId === job.slot)) return;
  } else {
    const slot = slotOfInstance(span.instanceId);
    if (slot === null && span.instanceId !== ANY_INSTANCE)
      return refuse(context, nowNs, span, refusals.unknownInstance);
    if (context.isStoring) return refuse(context, nowNs, span, RESULT.deviceBusy);
    const isOther = slot !== null && slot !== job?.slot;
    if (!collects || isOther) return refuse(context, nowNs, span, refusals.sectionOutOfPlace);
  }
  const base = windowBaseOf(span.firstTci, span.firstSection);
  const repeated = behaviour.repeatedWindow(job, base);
  if (repeated !== null) {
    behaviour.noteRepeat(job, span);
    return repeatAnswer(context, nowNs, span, repeated);
  }
  if (channel === "broadcast" && span.instanceId === ANY_INSTANCE && base !== job.chainBase) return;
  collect(context, nowNs, job, span, base);
}

/** A span of the window that is being collected. */
function collect(context: OntContext, nowNs: number, job: DownloadJob, span: SectionSpan, base: number): void {
  const { refusals } = context.behaviour;
  if (job.roomBytes <= 0) return refuse(context, nowNs, span, refusals.sectionOutOfPlace);
  const legal = job.windowSections - span.firstSection;
  if (legal >= span.count) return take(context, nowNs, job, span, base);
  // An OLT may send less than the window granted, never more (G.988 I.3): what lies beyond it is out of place.
  if (legal > 0) {
    const { sectionBytes } = span;
    take(context, nowNs, job, { ...span, count: legal, ackRequested: false, lastSectionBytes: sectionBytes }, base);
  }
  const beyond = {
    ...span,
    firstTci: span.firstTci + legal,
    firstSection: span.firstSection + legal,
    count: span.count - legal,
  };
  refuse(context, nowNs, legal > 0 ? beyond : span, refusals.sectionOutOfPlace);
}

function take(context: OntContext, nowNs: number, job: DownloadJob, span: SectionSpan, base: number): void {
  noteActivity(context, nowNs);
  const sections = context.behaviour.place(job, span, base);
  if (!span.ackRequested) return;
  job.window.sections = sections;
  endWindow(context, nowNs, job, replyTo(span), tciAfter(span.firstTci, span.count - 1));
}

/** The end of the window is known: take it in, or tell how much is missing. */
function endWindow(context: OntContext, nowNs: number, job: DownloadJob, reply: SectionReply, lastTci: number): void {
  const { behaviour } = context;
  const { window } = job;
  const missingSections = window.missing(window.sections);
  if (window.lostSections < 0) window.lostSections = missingSections;
  const spoiled = behaviour.windowIsSpoiled(job);
  const repaired = window.repair(window.sections, missingSections);
  // What lies in the flash already, from an earlier pass, is not asked for again.
  const isHeld = missingSections > repaired && holdsWindow(job);
  const stillMissing = isHeld ? 0 : missingSections - repaired;
  if (stillMissing > 0 || spoiled) {
    context.events.push({
      type: "windowRefused",
      window: job.windowsAccepted,
      missingSections: stillMissing,
    });
    behaviour.afterRefusal(window);
    // So many more sections, data or parity, would make the window whole.
    return respond(context, nowNs, reply, behaviour.refusals.windowWithGaps, stillMissing, window.lostSections);
  }
  if (behaviour.refusesPadding(job)) return respond(context, nowNs, reply, RESULT.processingError, 0, 0);
  const { lostSections, sections } = window;
  const base = windowBaseOf(lastTci, sections - 1);
  if (!takeIn(context, nowNs, job, repaired)) return respond(context, nowNs, reply, RESULT.processingError, 0, 0);
  job.accepted = { base, lastTci, sections, lostSections };
  // Unicast TCIs lie above those of the group streams and lead into none of them.
  job.chainBase = lastTci <= GROUP_TCI_LAST ? nextWindowBase(lastTci) : 0;
  respond(context, nowNs, reply, RESULT.ok, 0, lostSections);
}

/**
 * Hands a complete window to the verifier and the flash. Null sections that pad the last window are no data.
 *
 * @returns false when the image turns out to be unacceptable: the download is over
 */
function takeIn(context: OntContext, nowNs: number, job: DownloadJob, repairedSections: number): boolean {
  const { window, offsetBytes } = job;
  const { behaviour } = context;
  const { sections, lostSections } = window;
  const bytes = window.bytes(Math.min(behaviour.windowBytes(job), job.roomBytes));
  const index = job.windowsAccepted;
  if (!job.held.covers(offsetBytes, offsetBytes + bytes.length) && !store(context, nowNs, job, bytes)) return false;
  job.offsetBytes += bytes.length;
  job.windowsAccepted += 1;
  context.windowsAccepted += 1;
  context.sectionsLost += lostSections;
  if (lostSections > 0) context.windowsRepaired += 1;
  context.events.push({
    type: "windowAccepted",
    window: index,
    sections,
    lostSections,
    repairedSections,
  });
  window.reset();
  return true;
}

/** Bytes from where the window begins. @returns false when the image turns out to be unacceptable: the download is over */
export function store(context: OntContext, nowNs: number, job: DownloadJob, bytes: Uint8Array): boolean {
  const { offsetBytes } = job;
  // What the verifier has had stays as it was when it had it: nothing may be written over it unchecked.
  const checkedBytes = Math.max(0, job.verifiedBytes - offsetBytes);
  const fresh = checkedBytes === 0 ? bytes : bytes.subarray(checkedBytes);
  const cause = verify(context, job, offsetBytes + checkedBytes, fresh) ?? unfit(context, job);
  if (cause !== undefined) {
    context.events.push({ type: "imageRefused", cause, window: job.windowsAccepted });
    endDownload(context, nowNs, "failed", cause);
    return false;
  }
  job.keepHead(bytes);
  context.flash.push({
    kind: "writeSlot",
    slot: job.area,
    offsetBytes: offsetBytes + checkedBytes,
    bytes: fresh,
  });
  if (job.hold(nowNs, offsetBytes, bytes.length)) recordPart(context, job);
  return true;
}

/**
 * Somebody asks what is held: an OLT that goes on where another has stopped. What has come of the window under way, from
 * its beginning without a gap, is written now, and not sent again.
 */
export function keepBeginning(context: OntContext, nowNs: number): void {
  const { download: job } = context;
  if (job === null || job.storing !== null || job.identity === "" || !job.window.sizeIsFirm) return;
  // Who puts sections where its count is, whatever their numbers, cannot tell before the end what a gap has spoiled.
  if (job.nextSection > 0) return;
  const { window, offsetBytes } = job;
  const bytes = window.bytes(Math.min(window.beginning() * window.sectionBytes, job.roomBytes));
  if (bytes.length === 0 || job.held.covers(offsetBytes, offsetBytes + bytes.length)) return;
  store(context, nowNs, job, bytes);
}

/** What a delta makes has to have room as well: its header tells. */
const unfit = (context: OntContext, job: DownloadJob): RefusalCause | "room" | undefined =>
  job.area === STAGING ? targetCause(context, job) : undefined;

/** Whether all bytes of the window whose end is known are held; told only where the size of its sections is known. */
function holdsWindow({ held, offsetBytes, roomBytes, window }: DownloadJob): boolean {
  if (held.isEmpty || !window.sizeIsFirm) return false;
  return held.covers(offsetBytes, offsetBytes + Math.min(window.dataBytes(window.sections), roomBytes));
}

/** The verifier takes the image in its order: what is ahead of it is read back before the check. */
function verify(
  { behaviour }: OntContext,
  job: DownloadJob,
  fromBytes: number,
  bytes: Uint8Array,
): RefusalCause | undefined {
  if (fromBytes > job.verifiedBytes) return undefined;
  job.verifiedBytes += bytes.length;
  return behaviour.checkBytes(job, bytes);
}

/** The boot record names what was written before it, in the flash's order. */
function recordPart(context: OntContext, { area, identity, held }: DownloadJob): void {
  context.adoptRecord(withPartial(context.record, { slot: area, identity, held: [...held.all] }));
}

/**
 * A repeat of the window taken in last, because its answer was lost or others still miss parts of it: nothing is stored
 * again; the section that ended the window is answered again.
 */
function repeatAnswer(context: OntContext, nowNs: number, span: SectionSpan, accepted: AcceptedWindow): void {
  if (!span.ackRequested) return;
  if (span.firstSection + span.count !== accepted.sections)
    return context.drop("other end of a window already taken in");
  respond(context, nowNs, replyTo(span), RESULT.ok, 0, accepted.lostSections);
}

/** Answers the last section of a span that is not taken; without AR there is nothing to answer. */
function refuse(context: OntContext, nowNs: number, span: SectionSpan, result: number): void {
  const unanswered = span.count - (span.ackRequested ? 1 : 0);
  if (unanswered > 0) context.drop("section out of place", unanswered);
  if (span.ackRequested) respond(context, nowNs, replyTo(span), result, 0, 0);
}

const replyTo = (span: SectionSpan): SectionReply => ({
  header: {
    tci: tciAfter(span.firstTci, span.count - 1),
    messageSet: span.messageSet,
    classId: span.classId,
    instanceId: span.instanceId,
  },
  sectionNumber: span.firstSection + span.count - 1,
});

function respond(
  context: OntContext,
  nowNs: number,
  reply: SectionReply,
  result: number,
  missingSections: number,
  lostSections: number,
): void {
  const counts = context.config.recoveryAware
    ? { missingSections, lostSections }
    : { missingSections: 0, lostSections: 0 };
  const body = {
    type: "downloadSectionResponse" as const,
    result,
    sectionNumber: reply.sectionNumber,
    ...counts,
  };
  context.answerSection(nowNs, reply.header, body);
}

/**
 * Parity sections (omci/extension.ts). Rows are kept until the window ends, whether they come before or after its end.
 */
function handleParity(context: OntContext, nowNs: number, channel: Channel, span: SectionSpan): void {
  const job = context.download;
  if (job === null || job.storing !== null || job.isLocal) {
    if (channel === "omcc") refuse(context, nowNs, span, context.behaviour.refusals.sectionOutOfPlace);
    return;
  }
  const sections = paritySections(span.instanceId);
  const base = windowBaseOf(span.firstTci, sections + span.firstSection);
  if (!isParityOf(span.instanceId, base)) return context.drop("parity of another window", span.count);
  const { accepted, window } = job;
  if (accepted?.base === base && accepted.sections === sections) {
    if (span.ackRequested) respond(context, nowNs, replyTo(span), RESULT.ok, 0, accepted.lostSections);
    return;
  }
  const isOwn = base === job.chainBase || (channel === "omcc" && base === window.base);
  if (!isOwn || sections > job.windowSections || job.roomBytes <= 0)
    return context.drop("parity of another window", span.count);
  if (!window.putParity(span, sections, base)) return context.drop("parity of another section size", span.count);
  if (!span.ackRequested) return;
  endWindow(context, nowNs, job, replyTo(span), tciAfter(base, sections - 1));
}
