/** Steps and checks that cases of several groups have in common. */
import { framedResultOf } from "../link.ts";
import { type ConformCase, step, type Step } from "../case.ts";
import { CaseFailure, NotApplicable } from "../failure.ts";
import type { Tester } from "../tester.ts";

/** A case with the fields that most have alike. */
export const g988 = (each: Omit<ConformCase, "basis">): ConformCase => ({ ...each, basis: "G.988" });

/** A case that G.988 leaves open, and that OLTs in the field count on. */
export const field = (each: Omit<ConformCase, "basis">): ConformCase => ({ ...each, basis: "field" });

/** A window large enough for what the case does with it. */
export async function startWindow(t: Tester, windowSections: number): Promise<void> {
  await t.download.start({ windowSections });
  const { granted } = t.download;
  if (granted < windowSections) throw new NotApplicable(`the ONT grants windows of ${granted} at most`);
}

export const start = (windowSections: number): Step =>
  step(`Start on the target with a window of ${windowSections}; it is granted.`, (t) => startWindow(t, windowSections));

export const startAny = step("Start on the target; the window is the ONT's choice.", (t) => t.download.start());

export const rest = step("Send the windows that are left; each is answered 0.", (t) => t.download.rest());

export const startAndSendAll = step("Start and send all windows.", async (t) => {
  await t.download.start();
  await t.download.rest();
});

export const end = step("End with the image's CRC and size, repeated while it is answered 6.", (t) => t.download.end());

export const complete: readonly Step[] = [rest, end];

/** @param original, target committed/active/valid; `*` where a flag may be either */
export const flags = (when: string, original: string, target: string): Step =>
  step(`Read both images: the original is ${original} committed/active/valid, the target ${target}.`, (t) =>
    t.images.expect(original, target, when),
  );

/** The target holds no valid image: a download was begun and given up. */
export const emptyTarget = step(
  "Start on the target and give the download up, so that the target is not valid.",
  async (t) => {
    await t.download.start();
    await t.download.abort();
  },
);

/** No download is under way: a section with AR finds none. */
export const noDownload = step("Send a section with AR: no download is under way, it is refused.", async (t) => {
  const since = t.link.inbox.length;
  const tci = t.link.nextTci();
  await t.download.section(0, { tci, offsetBytes: 0, sectionBytes: t.download.sectionBytes, ackRequested: true });
  const request = t.evidence.sentWith(tci);
  t.refused(
    "a Section without a download",
    framedResultOf(await t.link.answerTo("downloadSectionRequest", request, since)),
  );
});

export const freshDownload = step("Download the whole image: End is answered 0.", (t) => t.download.whole());

export const activateTarget = step("Activate the target; wait until the ONT went down and answers again.", (t) =>
  t.activate(t.images.target),
);

export const reboot = step("Reboot; wait until the ONT went down and answers again.", (t) => t.reboot());

export const powerCut = step("Cut the power, give it back, wait until the ONT answers.", (t) => t.powerCycle());

export const stillAnswers = step("Get of both images is answered as before.", (t) => t.stillAnswers());

/** Sends the first End and goes on only if the ONT is seen storing. @throws NotApplicable when it is too fast */
export async function beginStoring(t: Tester): Promise<void> {
  const { message } = await t.download.askEnd();
  if (message.result === 0) t.download.mayRun = false;
  if (message.result !== 6) throw new NotApplicable("the first End is not answered 6: this ONT is never seen storing");
}

export const storing = step("End with the image's CRC and size is answered 6.", beginStoring);

/** @throws CaseFailure with an attribute's fault */
export function attributeFault(text: string, frame: number, clause = "9.1.4"): CaseFailure {
  return new CaseFailure("wrong-attribute", text, frame, clause);
}

/** An attribute mask, for the report. */
export const maskText = (mask: number): string => `0x${mask.toString(16).padStart(4, "0")}`;
