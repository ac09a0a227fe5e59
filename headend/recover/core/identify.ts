/** Which device is at the other end, whether there is an image for it, and which slot it goes to. */
import { ask, type Dialogue, order, RecoverFailure, tell } from "./dialogue.ts";
import type { DeviceIdentity, RecoverPlan, RecoveryImage } from "./types.ts";

export function* identify({ profile }: RecoverPlan): Dialogue<DeviceIdentity> {
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
export function check({ images }: RecoverPlan, { product, hardware }: DeviceIdentity): RecoveryImage {
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

/** The one that holds the image; else the one that boots next where nothing in it boots; else the other one. */
export function* chooseSlot({ profile, slot }: RecoverPlan, image: RecoveryImage): Dialogue<string> {
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
