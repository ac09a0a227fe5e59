/** Attribute value changes that an ONT has to send: waited for, and judged in their form. */
import { maskOf, SOFTWARE_IMAGE, unpackAttributes, type Message } from "../../omci/index.ts";
import { CaseFailure } from "./failure.ts";
import type { Received } from "./inbox.ts";
import { isNotification, type TestLink } from "./link.ts";
import { limits } from "./transport.ts";

const AVC_TYPE_BYTE = 0x11;
const CLAUSE = "9.1.4, 11.2";

export type FlagName = "isCommitted" | "isActive" | "isValid";

/**
 * Waits for the attribute value change of one flag of one image (G.988 9.1.4).
 *
 * @param since number of frames that had come in before what is to be reported
 * @throws CaseFailure when none comes, or one that cannot be read
 */
export async function expectAvc(
  link: TestLink,
  since: number,
  instanceId: number,
  flag: FlagName,
  value: number,
): Promise<Received> {
  const found = await link.find((received) => reports(received, instanceId, flag, value), since, limits.avcMs);
  if (found !== undefined) return found;
  const strange = link.inbox.from(since).find((received) => isNotification(received) && !received.decoded.ok);
  if (strange !== undefined && !strange.decoded.ok) {
    const text = `a notification cannot be read: ${strange.decoded.detail}`;
    throw new CaseFailure("wrong-notification", text, strange.frame.number, CLAUSE);
  }
  const text = `${flag} of image ${instanceId} became ${value}, yet no attribute value change came within ${limits.avcMs / 1000} s`;
  throw new CaseFailure("no-notification", text, link.evidence.count, CLAUSE);
}

function reports({ decoded }: Received, instanceId: number, flag: FlagName, value: number): boolean {
  if (!decoded.ok || decoded.message.type !== "avc") return false;
  const message: Extract<Message, { type: "avc" }> = decoded.message;
  if (message.classId !== SOFTWARE_IMAGE || message.instanceId !== instanceId) return false;
  if ((message.attributeMask & maskOf(SOFTWARE_IMAGE, flag)) === 0) return false;
  return unpackAttributes(SOFTWARE_IMAGE, message.attributeMask, message.values)[flag] === value;
}

/** The attribute value changes that came in, each as it should be: TCI 0, neither AR nor AK, zero padded. */
export function checkAvcForm(link: TestLink, since: number): void {
  for (const { decoded, frame } of link.inbox.from(since).filter(isNotification)) {
    if (!decoded.ok) {
      throw new CaseFailure(
        "wrong-notification",
        `a notification cannot be read: ${decoded.detail}`,
        frame.number,
        CLAUSE,
      );
    }
    if (decoded.message.type !== "avc") continue;
    if (frame.bytes[2] !== AVC_TYPE_BYTE) {
      const text = `an attribute value change has type byte 0x${frame.bytes[2]?.toString(16)}, not 0x11`;
      throw new CaseFailure("wrong-notification", text, frame.number, CLAUSE);
    }
    if (!decoded.deviations.includes("nonzero-padding")) continue;
    throw new CaseFailure(
      "wrong-notification",
      "the unused contents of an attribute value change are not zero",
      frame.number,
      CLAUSE,
    );
  }
}
