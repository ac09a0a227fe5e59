/** The answer that a window gets: awaited, and held against what was sent of it. Knows one window, no download. */
import { RESULT } from "../../omci/index.ts";
import { CaseFailure, resultKey } from "./failure.ts";
import { type Answer, type TestLink, told } from "./link.ts";
import { sectionsOf } from "./purpose.ts";

/** What has been sent as one window. */
export interface SentWindow {
  base: number;
  sections: number;
  dataBytes: number;
  /** Frames that had come in before. */
  since: number;
}

export interface JudgeOptions {
  /** Results that pass; default 0. */
  expect?: readonly number[];
  /** What the ONT has seen of this window, for the report. */
  seen?: string;
  /** Section numbers that do not go out. */
  lose?: readonly number[];
}

/** @param window what the report calls it. @throws CaseFailure without an answer, or with another than those that pass */
export async function windowAnswered(
  link: TestLink,
  window: string,
  sent: SentWindow,
  { expect = [RESULT.ok], seen, lose }: JudgeOptions,
): Promise<Answer<"downloadSectionRequest">> {
  const request = link.evidence.sentWith(sent.base + sent.sections - 1);
  const answer = await link.answerTo("downloadSectionRequest", request, sent.since);
  const { message, frame } = answer;
  if (message.sectionNumber !== sent.sections - 1) {
    const text = `${window}: section ${sent.sections - 1} asked for the answer, which names section ${message.sectionNumber}`;
    throw new CaseFailure("wrong-answer", text, frame.number, "I.3");
  }
  if (expect.includes(message.result)) return answer;
  const text = `${window}: ${seen ?? seenOf(lose)}, yet the ONT answered ${told(message.result)}; ${expect.map(told).join(" or ")} is wanted`;
  throw new CaseFailure(resultKey(message.result, expect), text, frame.number, "I.3");
}

function seenOf(lost: readonly number[] = []): string {
  if (lost.length === 0) return "every section was sent";
  return `${sectionsOf(lost)} ${lost.length === 1 ? "was" : "were"} never sent`;
}
