/** The states that cases begin in: how they are described, and how an ONT gets there after whatever came before. */
import type { ConformCase, Precondition } from "./case.ts";
import { pduLength, RESULT } from "../../omci/index.ts";
import { CannotTest, CaseFailure, NotApplicable } from "./failure.ts";
import { triple } from "./images.ts";
import type { Tester } from "./tester.ts";

/** The words of docs/conformance.md. */
export const preconditionTexts: Readonly<Record<Precondition, string>> = {
  image: "An image that the ONT accepts was given.",
  free: "One image is active, committed and valid; the other is neither active nor committed; no download is under way (S1 or S3).",
  stored: "The image was downloaded into the free instance and is valid (S3).",
  trial: "The downloaded image was activated and runs; it is not committed (S4).",
  powerSwitch: "The ONT's power can be switched.",
  trailer: "Frames travel with a trailer (CRC-32 or MIC).",
};

/**
 * Brings the ONT into the state that a case begins in, from whatever the case before left.
 *
 * @throws CannotTest when that is not possible, NotApplicable when the case is about what the link has not; with the cause
 */
export async function prepare(tester: Tester, { preconditions }: Pick<ConformCase, "preconditions">): Promise<void> {
  const { transport } = tester.link;
  if (preconditions.includes("powerSwitch") && transport.powerCycle === undefined)
    throw new CannotTest("nobody can switch this target's power; see --power-cycle-command");
  if (preconditions.includes("trailer")) requireTrailer(tester);
  const wantsImage = preconditions.some((each) => each === "image" || each === "stored" || each === "trial");
  if (wantsImage) void tester.download.image;
  try {
    await settle(tester);
    if (preconditions.includes("trial")) await makeTrial(tester);
    else if (preconditions.includes("stored")) await makeStored(tester);
  } catch (error) {
    if (!(error instanceof CaseFailure)) throw error;
    throw new CannotTest(`the case's beginning was not reached: ${error.message}`);
  }
}

/** Where hardware adds and checks the trailer, the stack above has frames without. @throws NotApplicable */
function requireTrailer({ link }: Tester): void {
  if (link.transport.sendDamaged === undefined) throw new NotApplicable("frames travel without a trailer here");
  const last = link.inbox.from(0).at(-1)?.frame.bytes;
  if (last !== undefined && pduLength(last) === last.length)
    throw new NotApplicable("the ONT's frames come without a trailer: its hardware adds it");
}

/**
 * Ends what the case before may have left: a restart, a trial, a download. Nothing is sent that is not needed for it: ONTs
 * that know no download may not live through an End.
 */
async function settle(tester: Tester): Promise<void> {
  if (tester.restarting) await tester.untilUp();
  let states = await tester.images.readBoth();
  const isTrial = (): boolean => states[0].committed !== states[0].active;
  if (isTrial()) {
    await rebootAnyhow(tester);
    states = await tester.images.readBoth();
  }
  // Some ONTs go on running what they ran, or refuse to reboot: the committed image can be asked for by name.
  if (isTrial()) {
    const committed = states[0].committed === 1 ? 0 : 1;
    const { result } = await tester.askActivate(committed);
    if (result === RESULT.ok) await tester.untilRestarted(committed);
    states = await tester.images.readBoth();
  }
  // And where that does not help either, the trial ends by its success.
  if (isTrial()) {
    await tester.askCommit(states[0].active === 1 ? 0 : 1);
    states = await tester.images.readBoth();
  }
  if (isTrial()) {
    const flags = states.map(triple).join(" and ");
    throw new CannotTest(`the ONT runs an image that is not committed, and cannot be brought back (${flags})`);
  }
  await tester.images.locate();
  if (tester.download.mayRun) await tester.download.abort();
}

/** Reboot by whatever means: its answer may get lost in the restart, and some ONTs refuse it. */
async function rebootAnyhow(tester: Tester): Promise<void> {
  try {
    await tester.noteSync();
    const { result } = await tester.askReboot();
    if (result !== RESULT.ok) return;
  } catch (error) {
    if (!(error instanceof CaseFailure) || error.key !== "no-answer") throw error;
    return tester.untilUp();
  }
  await tester.untilRestarted();
}

async function makeStored(tester: Tester): Promise<void> {
  const state = await tester.images.read(tester.images.target);
  if (state.valid !== 1) await tester.download.whole();
}

async function makeTrial(tester: Tester): Promise<void> {
  await makeStored(tester);
  await tester.activate(tester.images.target);
}
