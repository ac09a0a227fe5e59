/** One window of the image as jobs for the outbox. */
import { SOFTWARE_IMAGE, type MessageSet, BASELINE_SECTION_BYTES } from "../../omci/index.ts";
import type { SectionJob } from "./outbox.ts";
import type { Payload } from "./payload.ts";
import type { OltConfig } from "./types.ts";

/** One window of the image under way to one or all ONTs. */
export interface WindowInFlight {
  /** Of which it is. */
  payload: Payload;
  messageSet: MessageSet;
  /** First section of the image in this window, and how many. */
  firstSection: number;
  sections: number;
  /** TCI of section 0 of the window. */
  baseTci: number;
  instanceId: number;
  /** Null sections that pad the last window to its full size (baseline only). */
  padding: number;
}

const NULL_SECTION = new Uint8Array(BASELINE_SECTION_BYTES);

/** Sections `from`…`from + count - 1` of a window as jobs; AR on the window's last section. */
export function windowJobs(
  window: WindowInFlight,
  kind: SectionJob["kind"],
  from = 0,
  count = window.sections + window.padding - from,
): SectionJob[] {
  const jobs: SectionJob[] = [];
  const dataEnd = Math.min(from + count, window.sections);
  if (from < dataEnd) jobs.push(dataJob(window, kind, from, dataEnd - from));
  const paddingFrom = Math.max(from, window.sections);
  if (paddingFrom < from + count) jobs.push(paddingJob(window, kind, paddingFrom, from + count - paddingFrom));
  return jobs;
}

/** A whole window for the first time, with parity in front of the last section, so that the answer to AR already counts with it. */
export function windowWithParity(window: WindowInFlight, parity: SectionJob): SectionJob[] {
  const last = lastSectionOf(window);
  return [...windowJobs(window, "first", 0, last), parity, ...windowJobs(window, "first", last, 1)];
}

/** Null sections that fill up a window: behind the end of the image only, as elsewhere they would be taken for it. */
export function paddingOf(
  { padLastWindow }: OltConfig,
  payload: Payload,
  messageSet: MessageSet,
  endSection: number,
  missing: number,
): number {
  const isLast = endSection === payload.layout(messageSet).sectionsTotal;
  return padLastWindow && messageSet === "baseline" && isLast ? missing : 0;
}

/** Number of the section that carries AR. */
export const lastSectionOf = (window: WindowInFlight): number => window.sections + window.padding - 1;

function dataJob(window: WindowInFlight, kind: SectionJob["kind"], from: number, count: number): SectionJob {
  const { payload } = window;
  const layout = payload.layout(window.messageSet);
  const first = window.firstSection + from;
  const lastSectionBytes = layout.sectionLength(first + count - 1);
  const lengthBytes = (count - 1) * layout.sectionBytes + lastSectionBytes;
  return {
    kind,
    span: {
      messageSet: window.messageSet,
      classId: SOFTWARE_IMAGE,
      instanceId: window.instanceId,
      firstTci: window.baseTci + from,
      firstSection: from,
      count,
      ackRequested: from + count - 1 === lastSectionOf(window),
      data: payload.image.read(first * layout.sectionBytes, lengthBytes),
      dataOffset: 0,
      dataStride: layout.sectionBytes,
      sectionBytes: layout.sectionBytes,
      lastSectionBytes,
      parityOf: null,
      lasting: false,
    },
  };
}

function paddingJob(window: WindowInFlight, kind: SectionJob["kind"], from: number, count: number): SectionJob {
  return {
    kind,
    padding: true,
    span: {
      messageSet: window.messageSet,
      classId: SOFTWARE_IMAGE,
      instanceId: window.instanceId,
      firstTci: window.baseTci + from,
      firstSection: from,
      count,
      ackRequested: from + count - 1 === lastSectionOf(window),
      data: NULL_SECTION,
      dataOffset: 0,
      dataStride: 0,
      sectionBytes: NULL_SECTION.length,
      lastSectionBytes: NULL_SECTION.length,
      parityOf: null,
      lasting: false,
    },
  };
}

/** The sections of a bitmap of missing ones (true = missing) as runs of consecutive numbers. */
export function missingRuns(missing: readonly boolean[]): { from: number; count: number }[] {
  const runs: { from: number; count: number }[] = [];
  for (let at = 0; at < missing.length; at++) {
    if (!missing[at]) continue;
    const from = at;
    while (at + 1 < missing.length && missing[at + 1]) at++;
    runs.push({ from, count: at - from + 1 });
  }
  return runs;
}
