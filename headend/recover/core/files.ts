/** A device that takes a file, and is neither told nor asked anything. */
import { act, type Dialogue, RecoverFailure, tell } from "./dialogue.ts";
import type { RecoverOutcome, RecoverPlan } from "./types.ts";

/** Somebody who takes a file, and gives it back where that is asked for. */
export function* recoverByFiles({ profile, images, dryRun }: RecoverPlan): Dialogue<RecoverOutcome> {
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
