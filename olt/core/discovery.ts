/** What the OLT asks an ONT: message set, images, product code, extension; how its last trial ended. */
import {
  DELTA_FORMAT_1,
  ONU2_G,
  ONU_G,
  RECOVERY,
  RESULT,
  SOFTWARE_IMAGE,
  supportsExtended,
  unpackAttributes,
  RECOVERY_INSTANCE,
  TRIAL_OUTCOMES,
  maskOf,
} from "../../omci/index.ts";
import { hexOf } from "../../base/text/index.ts";
import type { OltContext } from "./context.ts";
import { activeInstanceOf } from "./facts.ts";
import { learnHeld } from "./held.ts";
import { choosePayload } from "./payload-choice.ts";
import type { Session } from "./session.ts";

/** Version, is committed, is active, is valid: 17 bytes, one baseline answer (G.988 9.1.4). */
const MASK_IMAGE = maskOf(SOFTWARE_IMAGE, "version", "isCommitted", "isActive", "isValid");
const MASK_PRODUCT_CODE = maskOf(SOFTWARE_IMAGE, "productCode");
/** Equipment id (20 bytes) and OMCC version (1), G.988 9.1.2. */
const MASK_ONU2_G = maskOf(ONU2_G, "equipmentId", "omccVersion");
/** The smallest question that shows whether the recovery ME is there, and whether it knows places. */
const MASK_RECOVERY_PROBE = maskOf(RECOVERY, "lastAcceptedTci", "place");
/** Applies deltas, and what it runs: 17 bytes, one baseline answer. */
const MASK_DELTA = maskOf(RECOVERY, "deltaFormats", "runningImage");
/** Hardware version, G.988 9.1.1. */
const MASK_HARDWARE = maskOf(ONU_G, "version");
/** How the last trial boot ended: none, booted, failed. */
const MASK_TRIAL_OUTCOME = maskOf(RECOVERY, "trialOutcome");

type Attributes = Record<string, unknown>;

interface Question {
  classId: number;
  instanceId: number;
  mask: number;
  /** Undefined: the ONT refused the Get. */
  take: (attributes: Attributes | undefined) => void;
  /** An ONT that answers what plain G.988 has, and stays silent to this, does not know it. */
  silenceRefuses?: boolean;
}

/** Gets one after the other; `done(false)` when the ONT fell silent. */
function askAll(
  session: Session,
  questions: readonly Question[],
  nowNs: number,
  done: (answered: boolean, nowNs: number) => void,
): void {
  const [question, ...rest] = questions;
  if (!question) return done(true, nowNs);
  const { classId, instanceId, mask } = question;
  session.request(
    { type: "getRequest", attributeMask: mask },
    { classId, instanceId },
    {
      onSilent: (atNs) => {
        if (!question.silenceRefuses) return done(false, atNs);
        askAll(session, [imageQuestion(session, 0)], atNs, (isThere, afterNs) => {
          if (!isThere) return done(false, afterNs);
          question.take(undefined);
          askAll(session, rest, afterNs, done);
        });
      },
      onAnswer: (message, atNs) => {
        const answered =
          message.type === "getResponse" && (message.result === RESULT.ok || message.result === RESULT.attributeFailed);
        question.take(answered ? unpackAttributes(classId, message.attributeMask, message.values) : undefined);
        askAll(session, rest, atNs, done);
      },
    },
  );
}

const text = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array)) return "";
  let length = value.length;
  while (length > 0 && (value[length - 1] === 0 || value[length - 1] === 0x20)) length--;
  return String.fromCharCode(...value.subarray(0, length));
};

function imageQuestion(session: Session, instance: 0 | 1): Question {
  return {
    classId: SOFTWARE_IMAGE,
    instanceId: instance,
    mask: MASK_IMAGE,
    take: (attributes) => {
      if (!attributes) return;
      session.learnImage(instance, {
        version: text(attributes.version),
        committed: attributes.isCommitted === 1,
        active: attributes.isActive === 1,
        valid: attributes.isValid === 1,
      });
    },
  };
}

/** Reads the flags and versions of both images. */
export function readImages(session: Session, nowNs: number, done: (answered: boolean, nowNs: number) => void): void {
  askAll(session, [imageQuestion(session, 0), imageQuestion(session, 1)], nowNs, done);
}

type MakeQuestion = (session: Session, context: OltContext) => Question | null;

/** In this order: what an answer tells may be asked for by the next question. */
const DISCOVERY: readonly MakeQuestion[] = [
  (session) => ({
    classId: ONU2_G,
    instanceId: 0,
    mask: MASK_ONU2_G,
    take: (attributes) => {
      const omccVersion = attributes?.omccVersion;
      session.learn({ extended: typeof omccVersion === "number" && supportsExtended(omccVersion) });
    },
  }),
  (session) => imageQuestion(session, 0),
  (session) => imageQuestion(session, 1),
  (session) => ({
    classId: SOFTWARE_IMAGE,
    instanceId: Math.max(0, activeInstanceOf(session.facts)),
    mask: MASK_PRODUCT_CODE,
    take: (attributes) => session.learn({ productCode: text(attributes?.productCode) }),
  }),
  (session, { payloads }) => {
    if (payloads.length === 1) return null;
    const take = (attributes: Attributes | undefined): void => session.learn({ hardware: text(attributes?.version) });
    return { classId: ONU_G, instanceId: 0, mask: MASK_HARDWARE, take };
  },
  // Plain G.988 has no such ME, and unicast uses nothing of the extension but what an ONT holds of the image.
  (session, { config }) => {
    const isAlone = config.mode === "unicast";
    if (isAlone && !config.resume) return null;
    return {
      classId: RECOVERY,
      instanceId: RECOVERY_INSTANCE,
      mask: MASK_RECOVERY_PROBE,
      silenceRefuses: isAlone,
      take: (attributes) =>
        session.learn({
          extension: isAlone || attributes === undefined ? "none" : "parity",
          // To all, without 0xFFFF, nothing tells sections of one place from those of another (chain rule).
          canPlace: (isAlone || config.instance === "any") && attributes?.place !== undefined,
        }),
    };
  },
  // Who takes windows in order only is not told what a download is for.
  (session, { payloads }) => {
    if (!session.facts.canPlace || !payloads.some(({ isDelta }) => isDelta)) return null;
    return {
      classId: RECOVERY,
      instanceId: RECOVERY_INSTANCE,
      mask: MASK_DELTA,
      take: (attributes) => {
        const { deltaFormats, runningImage } = attributes ?? {};
        session.learn({
          appliesDeltas: typeof deltaFormats === "number" && (deltaFormats & DELTA_FORMAT_1) !== 0,
          runningImage: runningImage instanceof Uint8Array ? hexOf(runningImage) : "",
        });
      },
    };
  },
];

/**
 * Reads what the rollout has to know of an ONT: message set, both images, product code, extensions. Asked again, one that
 * fell silent is asked only what it has not answered since it ranged.
 */
export function discover(
  context: OltContext,
  session: Session,
  nowNs: number,
  done: (answered: boolean, nowNs: number) => void,
): void {
  const end = (answered: boolean, atNs: number): void => {
    if (answered) {
      session.questionsAnswered = 0;
      session.isDiscovered = true;
    }
    done(answered, atNs);
  };
  const make = DISCOVERY[session.questionsAnswered];
  if (make === undefined) {
    choosePayload(context, session);
    return session.facts.canPlace ? learnHeld(context, session, end) : end(true, nowNs);
  }
  const question = make(session, context);
  askAll(session, question === null ? [] : [question], nowNs, (answered, atNs) => {
    if (!answered) return end(false, atNs);
    session.questionsAnswered++;
    discover(context, session, atNs, done);
  });
}

/**
 * Whether the ONT itself says that its last trial boot failed. An ONT that can't tell leaves it open; what is seen from
 * outside then counts.
 */
export function readTrialOutcome(
  session: Session,
  nowNs: number,
  done: (outcome: "failed" | "notFailed" | "unknown", nowNs: number) => void,
): void {
  if (session.facts.extension === "none") return done("unknown", nowNs);
  let outcome: "failed" | "notFailed" | "unknown" = "unknown";
  const question: Question = {
    classId: RECOVERY,
    instanceId: RECOVERY_INSTANCE,
    mask: MASK_TRIAL_OUTCOME,
    take: (attributes) => {
      if (typeof attributes?.trialOutcome === "number") {
        outcome = TRIAL_OUTCOMES[attributes.trialOutcome] === "failed" ? "failed" : "notFailed";
      }
    },
  };
  askAll(session, [question], nowNs, (_answered, atNs) => done(outcome, atNs));
}
