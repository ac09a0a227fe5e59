/** The question which sections of a window an ONT still misses. */
import {
  RECOVERY,
  RESULT,
  unpackAttributes,
  type Message,
  type AttributesOf,
  BITMAP_HALF_SECTIONS,
  RECOVERY_INSTANCE,
  bitmapBit,
  bitmapByte,
  maskOf,
} from "../../omci/index.ts";
import type { Session } from "./session.ts";
import { lastSectionOf, type WindowInFlight } from "./window-jobs.ts";

/** Attributes of the recovery ME (class 65280): all but the high half of the bitmap, then that half. */
const MASK_FIRST = maskOf(RECOVERY, "windowSections", "receivedLow", "windowBase", "lastAcceptedTci");
const MASK_HIGH = maskOf(RECOVERY, "receivedHigh");

export type MissingAnswer =
  | { kind: "accepted" }
  | { kind: "missing"; missing: boolean[]; count: number }
  | { kind: "unaware" }
  | { kind: "silent" };

/**
 * Asks one ONT which sections of a window it still misses (extension: Get on the recovery ME). In baseline the bitmap
 * needs two Gets, as one answer holds 25 bytes.
 */
export function queryMissing(
  session: Session,
  window: WindowInFlight,
  once: { doublings: number } | undefined,
  done: (answer: MissingAnswer, nowNs: number) => void,
): void {
  const sections = lastSectionOf(window) + 1;
  const head = { classId: RECOVERY, instanceId: RECOVERY_INSTANCE };
  const onSilent = (atNs: number): void => done({ kind: "silent" }, atNs);
  session.request({ type: "getRequest", attributeMask: MASK_FIRST }, head, {
    ...(once ? { once } : {}),
    onSilent,
    onAnswer: (first, firstNs) => {
      const low = attributesOf(first);
      if (!low) return done({ kind: "unaware" }, firstNs);
      if (low.lastAcceptedTci === window.baseTci + lastSectionOf(window)) return done({ kind: "accepted" }, firstNs);
      if (low.windowBase !== window.baseTci) return done(missingOf(sections, null, null), firstNs);
      const lowBits = low.receivedLow ?? null;
      if (sections <= BITMAP_HALF_SECTIONS) return done(missingOf(sections, lowBits, null), firstNs);
      session.request({ type: "getRequest", attributeMask: MASK_HIGH }, head, {
        onSilent,
        onAnswer: (second, secondNs) => {
          const high = attributesOf(second);
          done(missingOf(sections, lowBits, high?.receivedHigh ?? null), secondNs);
        },
      });
    },
  });
}

function attributesOf(message: Message): Partial<AttributesOf<typeof RECOVERY>> | undefined {
  if (message.type !== "getResponse" || message.result !== RESULT.ok) return undefined;
  return unpackAttributes(RECOVERY, message.attributeMask, message.values);
}

/** An answer may leave out what it was asked for: a bitmap half that was not told counts as not received. */
function missingOf(sections: number, low: Uint8Array | null, high: Uint8Array | null): MissingAnswer {
  const missing: boolean[] = [];
  let count = 0;
  for (let number = 0; number < sections; number++) {
    const half = number < BITMAP_HALF_SECTIONS ? low : high;
    const bit = number % BITMAP_HALF_SECTIONS;
    const received = half !== null && (half[bitmapByte(bit)] & bitmapBit(bit)) !== 0;
    missing.push(!received);
    if (!received) count++;
  }
  return { kind: "missing", missing, count };
}
