/** The image on its way to the device, and back for the comparison. */
import { act, demand, type Dialogue, filled, patiently, RecoverFailure, tell } from "./dialogue.ts";
import type { RecoverPlan, RecoveryImage } from "./types.ts";

/** Read back at a time, where images are sent whole. */
const READ_BYTES = 1024 * 1024;

/** @param progress what there is of it; grows */
export function* send(
  plan: RecoverPlan,
  image: RecoveryImage,
  slot: string,
  progress: { doneBytes: number },
): Dialogue<void> {
  const { profile, transport } = plan;
  const { begin, write, end, flash } = profile.commands;
  const blockBytes = profile.blockBytes[transport];
  const { imageBytes, identity, sha256 } = image;
  const fields = { slot, partition: filled(profile.partition, { slot }), size: imageBytes, identity, sha256 };
  if (begin !== undefined && write !== undefined && end !== undefined && blockBytes !== undefined) {
    const begun = yield* demand("send", filled(begin, fields));
    const heldBytes = Number.parseInt(begun.text.replace(/^0x/i, ""), 16);
    if (!(heldBytes >= 0 && heldBytes <= imageBytes))
      throw new RecoverFailure("send", `the device holds "${begun.text}" of ${imageBytes} bytes`);
    if (heldBytes > 0) yield* tell("send", `goes on behind ${heldBytes} bytes that the device has`, heldBytes);
    for (let at = heldBytes; at < imageBytes; at += blockBytes) {
      const lengthBytes = Math.min(blockBytes, imageBytes - at);
      yield* load(sha256, at, lengthBytes);
      yield* demand("send", filled(write, { ...fields, offset: at, length: lengthBytes }));
      progress.doneBytes = Math.max(progress.doneBytes, at + lengthBytes);
      yield* tell("send", `${at + lengthBytes} of ${imageBytes} bytes`, at + lengthBytes);
    }
    yield* demand("send", filled(end, fields));
  } else if (flash !== undefined) {
    yield* load(sha256, 0, imageBytes);
    yield* tell("send", `${imageBytes} bytes are in the device's memory`, imageBytes);
    yield* demand("send", filled(flash, fields));
  } else
    throw new RecoverFailure("send", `profile ${profile.name} does not say how an image is sent by ${transport}`, true);
  progress.doneBytes = imageBytes;
  yield* tell("send", "checked and stored by the device", imageBytes);
}

function* load(sha256: string, offsetBytes: number, lengthBytes: number): Dialogue<void> {
  const loaded = yield* patiently({ kind: "load", sha256, offsetBytes, lengthBytes });
  if (!loaded.ok) throw new RecoverFailure("send", `the device refuses what is sent: ${loaded.text}`);
}

/** Reads all of it, and compares its hash with that of the image. */
export function* readBack(
  plan: RecoverPlan,
  image: RecoveryImage,
  slot: string,
  progress: { doneBytes: number },
): Dialogue<void> {
  const { profile, transport } = plan;
  const { read } = profile.commands;
  if (read === undefined)
    throw new RecoverFailure("verify", `profile ${profile.name} does not say how an image is read back`, true);
  const { imageBytes } = image;
  const pieceBytes = profile.blockBytes[transport] ?? READ_BYTES;
  const partition = filled(profile.partition, { slot });
  let sha256 = "";
  for (let at = 0; at < imageBytes; at += pieceBytes) {
    const lengthBytes = Math.min(pieceBytes, imageBytes - at);
    const text = filled(read, { slot, partition, offset: at, length: lengthBytes });
    const got = yield* patiently({ kind: "read", text, lengthBytes });
    if (!got.ok || got.bytes?.length !== lengthBytes)
      throw new RecoverFailure(
        "verify",
        `the image cannot be read back: ${got.ok ? `${got.bytes?.length ?? 0} bytes of ${lengthBytes}` : got.text}`,
      );
    sha256 = (yield* act({ kind: "hash", bytes: got.bytes, isFirst: at === 0 })).text;
    // Counted beyond the image: reading is progress, too.
    progress.doneBytes = Math.max(progress.doneBytes, imageBytes + at + lengthBytes);
    yield* tell("verify", `${at + lengthBytes} of ${imageBytes} bytes read back`, at + lengthBytes);
  }
  if (sha256 === image.sha256) return yield* tell("verify", "what was read back is what was sent", imageBytes);
  throw new RecoverFailure("verify", "what was read back is not what was sent");
}
