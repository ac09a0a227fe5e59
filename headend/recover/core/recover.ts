/**
 * Recovers one device: detects and identifies it, checks that the image is for it, sends, reads back, makes active, restarts, and
 * waits for proof that it boots. A generator of what is to be done, without sockets, clock or files; whatever was cut off goes on
 * from what the device says it has.
 */
import { act, ask, demand, type Dialogue, filled, Lost, order, RecoverFailure, tell } from "./dialogue.ts";
import { readBack, send } from "./image.ts";
import type { DeviceIdentity, DeviceProfile, RecoverOutcome, RecoverPlan, RecoveryImage } from "./types.ts";

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

function* identify({ profile }: RecoverPlan): Dialogue<DeviceIdentity> {
  for (const [variable, value] of Object.entries(profile.expects)) {
    const answer = yield* order(`getvar:${variable}`);
    if (!answer.ok || answer.text !== value)
      throw new RecoverFailure(
        "identify",
        `no device of profile ${profile.name}: ${variable} is ${answer.ok ? `"${answer.text}"` : "not known"}, not "${value}"; name another with --profile`,
        true,
      );
  }
  const product = yield* ask(profile, "product");
  const hardware = yield* ask(profile, "hardware");
  const serial = yield* ask(profile, "serial");
  const reason = yield* ask(profile, "reason");
  yield* tell(
    "identify",
    `product ${product || "not told"}, hardware ${hardware || "not told"}, serial ${serial || "not told"}${reason === "" ? "" : `; ${reason}`}`,
  );
  return { product, hardware, serial, slot: "", sha256: "" };
}

/** @returns the image for this hardware @throws RecoverFailure where there is none */
function check({ images }: RecoverPlan, { product, hardware }: DeviceIdentity): RecoveryImage {
  const fits = images.find((image) => hardware === "" || image.hardware.includes(hardware));
  const [first] = images;
  if (first === undefined) throw new RecoverFailure("check", "there is no image", true);
  if (product !== "" && first.productCode !== "" && first.productCode !== product)
    throw new RecoverFailure("check", `the image is for product ${first.productCode}, the device is ${product}`, true);
  if (fits === undefined) {
    const all = [...new Set(images.flatMap((image) => image.hardware))].join(", ");
    throw new RecoverFailure("check", `the image is for hardware ${all}, the device is ${hardware}`, true);
  }
  return fits;
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

/** The one that holds the image; else the one that boots next where nothing in it boots; else the other one. */
function* chooseSlot({ profile, slot }: RecoverPlan, image: RecoveryImage): Dialogue<string> {
  const { slots } = profile;
  if (slot !== undefined) {
    if (!slots.includes(slot))
      throw new RecoverFailure(
        "check",
        `--slot: ${slot} is none; the device has ${slots.join(", ") || "no slots"}`,
        true,
      );
    return slot;
  }
  for (const each of slots) if ((yield* ask(profile, "sha256", each)) === image.sha256) return each;
  const current = (yield* ask(profile, "current")).replace(/^_/, "");
  if (!slots.includes(current)) return slots[0] ?? "";
  const isFree = (yield* ask(profile, "unbootable", current)) !== "no";
  return isFree ? current : (slots.find((each) => each !== current) ?? current);
}

const POLL_SECONDS = 0.5;

function* bringUp(plan: RecoverPlan, image: RecoveryImage, device: DeviceIdentity): Dialogue<RecoverOutcome> {
  const { profile } = plan;
  const { activate, reboot } = profile.commands;
  const { slot } = device;
  const whole = { ...device, sha256: image.sha256 };
  if (activate !== undefined) {
    yield* tell("activate", `slot ${slot} boots next`);
    yield* demand("activate", filled(activate, { slot }));
  }
  if (reboot === undefined) return { ok: true, text: `${image.version} is stored; restart the device`, device: whole };
  yield* tell("reboot", "restarts");
  yield* demand("reboot", filled(reboot, { slot }));
  if (profile.variables.isUp === undefined)
    return { ok: true, text: `${image.version} is stored, and the device restarts; it gives no proof`, device: whole };
  yield* prove(plan, image, slot);
  yield* commit(plan, slot);
  return { ok: true, text: `${image.version} runs in slot ${slot}`, device: whole };
}

/** Until the image runs, or the boot loader is there again. */
function* prove({ profile }: RecoverPlan, image: RecoveryImage, slot: string): Dialogue<void> {
  let hasLeft = false;
  for (let waited = 0; waited < profile.bootSeconds; waited += POLL_SECONDS) {
    yield* act({ kind: "wait", seconds: POLL_SECONDS });
    const state = yield* boots(profile);
    if (state === "up") {
      const current = yield* ask(profile, "current");
      const [version, sha256] = [yield* ask(profile, "version", current), yield* ask(profile, "sha256", current)];
      if (current !== slot || (sha256 !== "" && sha256 !== image.sha256))
        throw new RecoverFailure("prove", `the device runs ${version || "something else"} from slot ${current}`);
      return yield* tell("prove", `${image.version} runs`);
    }
    if (state === "away") hasLeft = true;
    else if (hasLeft) throw new RecoverFailure("prove", `the image does not boot: ${yield* ask(profile, "reason")}`);
  }
  throw new RecoverFailure("prove", `no proof within ${profile.bootSeconds} s that the image boots`);
}

/** A device that restarts may be away; that is no loss here. */
function* boots(profile: DeviceProfile): Dialogue<"up" | "away" | "loader"> {
  try {
    const found = yield* act({ kind: "connect", seconds: 1 });
    if (!found.ok) return "away";
    if ((yield* ask(profile, "isUp")) === "yes") return "up";
    return (yield* ask(profile, "reason")) === "" ? "away" : "loader";
  } catch (error) {
    if (error instanceof Lost) return "away";
    throw error;
  }
}

function* commit({ profile }: RecoverPlan, slot: string): Dialogue<void> {
  const { commit: command } = profile.commands;
  if (command === undefined || (yield* ask(profile, "successful", slot)) === "yes") return;
  yield* demand("commit", command);
  yield* tell("commit", `slot ${slot} is committed`);
}

/** Somebody who takes a file, and gives it back where that is asked for. */
function* recoverByFiles({ profile, images, dryRun }: RecoverPlan): Dialogue<RecoverOutcome> {
  const [image] = images;
  if (image === undefined || images.length > 1)
    throw new RecoverFailure(
      "check",
      "the bundle has several images, and the device does not tell which is its own",
      true,
    );
  const device = { product: "", hardware: "", serial: "", slot: "", sha256: "" };
  yield* tell(
    "check",
    `${image.version} of ${image.imageBytes} bytes goes as ${profile.file}; the device tells nothing of itself`,
  );
  if (dryRun) return { ok: true, text: "nothing was changed (--dry-run)", device };
  const put = yield* act({ kind: "put", file: profile.file });
  if (!put.ok) throw new RecoverFailure("send", `the device refuses the file: ${put.text}`);
  if (profile.readsBack) {
    const got = yield* act({ kind: "get", file: profile.file, lengthBytes: image.imageBytes });
    if (!got.ok || got.bytes === undefined)
      throw new RecoverFailure("verify", `the file cannot be read back: ${got.text}`);
    const { text } = yield* act({ kind: "hash", bytes: got.bytes, isFirst: true });
    if (text !== image.sha256) throw new RecoverFailure("verify", "what was read back is not what was sent");
    yield* tell("verify", "what was read back is what was sent");
  }
  const text = profile.readsBack
    ? `${image.version} is there, byte for byte`
    : `${image.version} was taken; nothing was read back`;
  return { ok: true, text, device: { ...device, sha256: image.sha256 } };
}
