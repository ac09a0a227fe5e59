/**
 * Recovers one device: detects and identifies it, checks that the image is for it, sends, reads back, makes active, restarts, and
 * waits for proof that it boots. A generator of what is to be done, without sockets, clock or files; whatever was cut off goes on
 * from what the device says it has.
 */
import { act, ask, demand, type Dialogue, Lost, RecoverFailure, tell } from "./dialogue.ts";
import { recoverByFiles } from "./files.ts";
import { check, chooseSlot, identify } from "./identify.ts";
import { readBack, send } from "./image.ts";
import { bringUp, commit, POLL_SECONDS } from "./prove.ts";
import type { DeviceIdentity, RecoverOutcome, RecoverPlan, RecoveryImage } from "./types.ts";

/** Times that a device may go away in a row without a byte of progress. */
const LOSSES_MAX = 8;
const AGAIN_SECONDS = 1;

/** Everything from the first word to the proof. */
export function* recover(plan: RecoverPlan): Dialogue<RecoverOutcome> {
  const progress = { doneBytes: 0 };
  let losses = 0;
  for (;;) {
    const before = progress.doneBytes;
    try {
      return yield* attempt(plan, progress);
    } catch (error) {
      if (error instanceof RecoverFailure) {
        const { step, message, isInput } = error;
        return { ok: false, step, cause: message, isInput };
      }
      if (!(error instanceof Lost)) throw error;
      losses = progress.doneBytes > before ? 1 : losses + 1;
      if (losses > LOSSES_MAX) return { ok: false, step: "detect", cause: error.message, isInput: false };
      yield* tell("detect", `the device has gone (${error.message}); it goes on when it is back`);
      const waited = yield { kind: "wait", seconds: AGAIN_SECONDS };
      if (waited.kind === "lost") return { ok: false, step: "detect", cause: waited.cause, isInput: false };
    }
  }
}

function* attempt(plan: RecoverPlan, progress: { doneBytes: number }): Dialogue<RecoverOutcome> {
  const { profile, dryRun } = plan;
  yield* tell("detect", `looks for a device that speaks ${plan.transport}`);
  const found = yield* act({ kind: "connect", seconds: plan.detectSeconds });
  if (!found.ok) throw new RecoverFailure("detect", found.text);
  if (profile.speaks === "files") return yield* recoverByFiles(plan);
  const device = yield* identify(plan);
  const image = check(plan, device);
  if ((yield* ask(profile, "isUp")) === "yes") {
    const done = yield* alreadyUp(plan, image, device);
    if (done !== undefined) return done;
  }
  const slot = yield* chooseSlot(plan, image);
  const there = { ...device, slot, sha256: yield* ask(profile, "sha256", slot) };
  const has = there.sha256 === image.sha256;
  yield* tell(
    "check",
    `${image.version} of ${image.imageBytes} bytes fits; it goes to slot ${slot || "(the only one)"}${has ? ", where it is already" : ""}`,
  );
  if (dryRun) return { ok: true, text: "nothing was changed (--dry-run)", device: there };
  if (!has) yield* send(plan, image, slot, progress);
  if (profile.readsBack) yield* readBack(plan, image, slot, progress);
  return yield* bringUp(plan, image, there);
}

/** An image runs: the one that is wanted, as after a restart that was cut off here, or another one. */
function* alreadyUp(
  plan: RecoverPlan,
  image: RecoveryImage,
  device: DeviceIdentity,
): Dialogue<RecoverOutcome | undefined> {
  const { profile, dryRun, enters } = plan;
  const slot = yield* ask(profile, "current");
  if ((yield* ask(profile, "sha256", slot)) === image.sha256) {
    yield* tell("prove", `${image.version} runs`);
    if (!dryRun) yield* commit(plan, slot);
    return {
      ok: true,
      text: `${image.version} runs in slot ${slot}`,
      device: { ...device, slot, sha256: image.sha256 },
    };
  }
  const { enter } = profile.commands;
  if (!enters || enter === undefined)
    throw new RecoverFailure(
      "identify",
      `the device is not in its boot loader, it runs ${(yield* ask(profile, "version", slot)) || "an image"}; --enter restarts it into its boot loader`,
      true,
    );
  if (dryRun) return { ok: true, text: "nothing was changed (--dry-run)", device };
  yield* demand("identify", enter);
  for (let waited = 0; waited < profile.bootSeconds; waited += POLL_SECONDS) {
    yield* act({ kind: "wait", seconds: POLL_SECONDS });
    if ((yield* ask(profile, "reason")) !== "") return undefined;
  }
  throw new RecoverFailure("identify", "the device has not come up in its boot loader");
}
