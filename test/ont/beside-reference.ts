/** A quirk profile and the reference ONT side by side, and steps of a download that both are led through. */
import type { MessageSet } from "../../omci/messages.ts";
import { quirkProfiles, referenceProfile } from "../../ont/index.ts";
import { newFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import type { WindowSpec } from "./spans.ts";

/** Twelve sections, in two windows of six. */
export const content = testImage(31 * 12, 5);
export const window: WindowSpec = { base: 0x6200, firstSection: 0, sections: 6, sectionBytes: 31 };
export const second: WindowSpec = { ...window, base: 0x6206, firstSection: 6 };

/** An ONT of a profile, and the reference beside it for what it would have done. */
export function pair(name: string, messageSet: MessageSet = "baseline"): { odd: BenchOnt; reference: BenchOnt } {
  const quirks = quirkProfiles[name];
  if (quirks === undefined) throw new Error(`no profile ${name}`);
  return {
    odd: BenchOnt.up({ quirks }, newFlash(), messageSet),
    reference: BenchOnt.up({ quirks: referenceProfile }, newFlash(), messageSet),
  };
}

/** Does the same to both and hands back both results. */
export function both<T>(name: string, act: (bench: BenchOnt) => T, messageSet: MessageSet = "baseline"): [T, T] {
  const { odd, reference } = pair(name, messageSet);
  return [act(odd), act(reference)];
}

export const started = (bench: BenchOnt, windowSections = 32): BenchOnt => {
  bench.start(content.length, { windowSections });
  return bench;
};

export const granted = (bench: BenchOnt): number => {
  const answer = bench.sent.at(-1);
  return answer?.type === "startDownloadResponse" ? answer.windowSections : -1;
};

export const resultOf = (bench: BenchOnt, spec: WindowSpec): number | undefined => bench.windowResult(content, spec);

export const sendAll = (bench: BenchOnt): BenchOnt => {
  started(bench);
  resultOf(bench, window);
  resultOf(bench, second);
  return bench;
};
