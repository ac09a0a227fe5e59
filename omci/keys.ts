/** Keys of an XG(S)-PON session (G.987.3 clause 15). */
import { aesCmac } from "../base/kernel/index.ts";

/** Of keys. */
const KEY_BYTES = 16;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Keys of an XG(S)-PON session (G.987.3 clause 15): SK from the master session key, OMCI_IK from SK.
 *
 * @param from `msk` (16 bytes), or `registrationId` (36 bytes) for the default master session key;
 *   `serial` and `ponTag` 8 bytes each.
 */
export function deriveOmciKeys(
  from: { serial: Uint8Array; ponTag: Uint8Array } & ({ msk: Uint8Array } | { registrationId: Uint8Array }),
): { sessionKey: Uint8Array; omciIk: Uint8Array } {
  const msk = "msk" in from ? from.msk : aesCmac(new Uint8Array(KEY_BYTES).fill(0x55), from.registrationId);
  const sessionKey = aesCmac(msk, Uint8Array.from([...from.serial, ...from.ponTag, ...ascii("SessionK")]));
  return { sessionKey, omciIk: aesCmac(sessionKey, ascii("OMCIIntegrityKey")) };
}
