/** What an ONT holds of the image, and what it is told of places in it (docs/extension.md, 7). */
import {
  IMAGE_KINDS,
  decodeHeld,
  encodePlace,
  maskOf,
  type Message,
  type MessageSet,
  type ImagePlace,
  RECOVERY,
  RECOVERY_INSTANCE,
  RESULT,
  unpackAttributes,
} from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import type { RequestHandlers } from "./request.ts";
import type { Session } from "./session.ts";

const TARGET = { classId: RECOVERY, instanceId: RECOVERY_INSTANCE };
const MASK_HELD_IMAGE = maskOf(RECOVERY, "heldImage");
const MASK_KIND = maskOf(RECOVERY, "announcedKind");
const MASK_HELD = maskOf(RECOVERY, "held");
const MASK_PLACE = maskOf(RECOVERY, "place");

/** To one that knows deltas it is told as well whether this is one. */
function announcementOf({ payload, facts }: Session): { attributeMask: number; values: Uint8Array } {
  const { identity, isDelta } = payload;
  if (!facts.appliesDeltas) return { attributeMask: MASK_HELD_IMAGE, values: identity };
  const kind = IMAGE_KINDS.indexOf(isDelta ? "delta" : "image");
  return { attributeMask: MASK_HELD_IMAGE | MASK_KIND, values: Uint8Array.of(...identity, kind) };
}

function bytesOf(message: Message, name: "heldImage" | "held"): Uint8Array | undefined {
  if (message.type !== "getResponse" || message.result !== RESULT.ok) return undefined;
  const value = unpackAttributes(RECOVERY, message.attributeMask, message.values)[name];
  return value instanceof Uint8Array ? value : undefined;
}

/**
 * Asks which image the ONT holds a part of, and, if it is this one, which part; then tells it that this image comes, so
 * that the next Start keeps that part.
 *
 * @param done false when the ONT fell silent
 */
export function learnHeld(
  context: OltContext,
  session: Session,
  done: (answered: boolean, nowNs: number) => void,
): void {
  const onSilent = (atNs: number): void => done(false, atNs);
  const get = (attributeMask: number, onAnswer: RequestHandlers["onAnswer"]): void =>
    session.request({ type: "getRequest", attributeMask }, TARGET, { onSilent, onAnswer });
  const announce = (): void =>
    session.request({ type: "setRequest", ...announcementOf(session) }, TARGET, {
      onSilent,
      onAnswer: (message, atNs) => {
        if (message.type !== "setResponse" || message.result !== RESULT.ok) {
          // Who refuses this keeps nothing: it is served as one that cannot.
          session.learn({ canPlace: false });
          session.progress.holds([]);
        }
        done(true, atNs);
      },
    });
  session.progress.holds([]);
  get(MASK_HELD_IMAGE, (message) => {
    const image = bytesOf(message, "heldImage");
    if (image?.every((byte, at) => byte === session.payload.identity[at]) !== true) return announce();
    get(MASK_HELD, (answer) => {
      session.progress.holds(decodeHeld(bytesOf(answer, "held") ?? new Uint8Array(0)));
      announce();
    });
  });
}

/** Sections of the image, whole ones, that an ONT lacks some byte of. */
export function lacksOf({ payload, progress, facts }: Session, messageSet: MessageSet): SectionStretch[] {
  const { sectionBytes, sectionsTotal } = payload.layout(messageSet);
  if (!facts.canPlace) return [{ from: 0, to: sectionsTotal }];
  return progress.held
    .gaps(payload.imageBytes)
    .map(({ from, to }) => ({ from: Math.floor(from / sectionBytes), to: Math.ceil(to / sectionBytes) }));
}

/** Sections of the image from `from` up to, and without, `to`. */
export interface SectionStretch {
  from: number;
  to: number;
}

/** Whether it holds all of the image, as far as it can tell at all. */
export const isWhole = ({ payload, progress, facts }: Session): boolean =>
  !facts.canPlace || progress.held.covers(0, payload.imageBytes);

/** A window is in: the ONT holds its bytes. */
export function noteHeld(session: Session, firstSection: number, sections: number): void {
  if (!session.facts.canPlace) return;
  const { imageBytes } = session.payload;
  const { sectionBytes } = session.payload.layout(session.messageSet);
  const { held } = session.progress;
  held.add(firstSection * sectionBytes, Math.min((firstSection + sections) * sectionBytes, imageBytes));
  session.progress.reach(held.total);
}

/**
 * Tells an ONT where the next window belongs.
 *
 * @param once one send only: whoever does not answer in time is told again later
 * @param done whether it knows
 */
export function tellPlace(
  session: Session,
  place: ImagePlace,
  once: boolean,
  done: (told: boolean, nowNs: number) => void,
): void {
  session.request({ type: "setRequest", attributeMask: MASK_PLACE, values: encodePlace(place) }, TARGET, {
    ...(once ? { once: { doublings: 1 } } : {}),
    onSilent: (atNs) => done(false, atNs),
    onAnswer: (message, atNs) => done(message.type === "setResponse" && message.result === RESULT.ok, atNs),
  });
}
