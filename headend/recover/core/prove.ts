/** From an image that is stored to one that runs: made active, restarted, seen to boot, committed. */
import { act, ask, demand, type Dialogue, filled, Lost, RecoverFailure, tell } from "./dialogue.ts";
import type { DeviceIdentity, DeviceProfile, RecoverOutcome, RecoverPlan, RecoveryImage } from "./types.ts";

/** Between two questions to a device that boots. */
export const POLL_SECONDS = 0.5;

export function* bringUp(plan: RecoverPlan, image: RecoveryImage, device: DeviceIdentity): Dialogue<RecoverOutcome> {
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

export function* commit({ profile }: RecoverPlan, slot: string): Dialogue<void> {
  const { commit: command } = profile.commands;
  if (command === undefined || (yield* ask(profile, "successful", slot)) === "yes") return;
  yield* demand("commit", command);
  yield* tell("commit", `slot ${slot} is committed`);
}
