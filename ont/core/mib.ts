import {
  answerGet,
  attributesOf,
  maskBit,
  maskOf,
  ONU2_G,
  ONU_DATA,
  ONU_G,
  RECOVERY,
  RESULT,
  SOFTWARE_IMAGE,
  type Attributes,
  type Message,
  type MessageHeader,
} from "../../omci/index.ts";
import type { OntContext } from "./context.ts";
import { flagsOf, slotOfInstance } from "./images.ts";
import type { Slot } from "./types.ts";

type GetRequest = Extract<Message, { type: "getRequest" }>;

/** ONU2-G attributes this ONT has: equipment id, OMCC version, vendor product code. */
const onu2GMask = maskOf(ONU2_G, "equipmentId", "omccVersion", "vendorProductCode");

/** Baseline contents of a Get answer: the values, and the end of the two masks behind them. */
const valuesAt = 11;
const masksEnd = 40;

/** Get of the managed entities that software download needs. */
export function handleGet(ctx: OntContext, nowNs: number, request: GetRequest): void {
  const refusal = meRefusal(ctx, request);
  if (refusal !== null) return answerEmpty(ctx, nowNs, request, refusal);
  const { classId, instanceId, attributeMask, messageSet } = request;
  const body = answerGet(
    classId,
    attributeMask,
    maskOfAll(ctx, classId),
    attributesIn(ctx, classId, instanceId),
    messageSet,
  );
  ctx.answer(nowNs, request, body, (bytes) => spillValues(ctx, request, body, bytes));
}

function answerEmpty(ctx: OntContext, nowNs: number, request: GetRequest, result: number): void {
  const masks = { attributeMask: 0, optionalAttributeMask: 0, attributeExecutionMask: 0 };
  ctx.answer(nowNs, request, { type: "getResponse", result, ...masks, values: new Uint8Array(0) });
}

/** A profile's deviation: values that do not fit go on into the mask bytes, and the answer calls itself whole. */
function spillValues(
  ctx: OntContext,
  request: GetRequest,
  body: ReturnType<typeof answerGet>,
  bytes: Uint8Array,
): void {
  if (ctx.config.quirks.valuesInGetMasks !== true || request.messageSet === "extended") return;
  if (body.attributeExecutionMask === 0) return;
  const { classId, instanceId, attributeMask } = request;
  const whole = answerGet(
    classId,
    attributeMask,
    maskOfAll(ctx, classId),
    attributesIn(ctx, classId, instanceId),
    "extended",
  );
  if (whole.values.length > masksEnd - valuesAt) return;
  bytes.fill(0, 8, masksEnd);
  bytes[9] = whole.attributeMask >> 8;
  bytes[10] = whole.attributeMask & 0xff;
  bytes.set(whole.values, valuesAt);
}

/** Why a message to this managed entity is refused; null when the entity is there. */
export function meRefusal(ctx: OntContext, { classId, instanceId }: MessageHeader): number | null {
  if (!hasClass(ctx, classId)) return RESULT.unknownMe;
  const isThere = classId === SOFTWARE_IMAGE ? slotOfInstance(instanceId) !== null : instanceId === 0;
  return isThere ? null : (ctx.config.quirks.unknownInstanceResult ?? RESULT.unknownInstance);
}

function hasClass(ctx: OntContext, classId: number): boolean {
  if (classId === RECOVERY) return ctx.config.recoveryAware;
  return classId === SOFTWARE_IMAGE || classId === ONU_G || classId === ONU2_G || classId === ONU_DATA;
}

/** Attributes an ONT has: all the class has, less what this one does not know. */
function maskOfAll(ctx: OntContext, classId: number): number {
  if (classId === ONU2_G) return onu2GMask;
  // The hash is optional, and an ONT that makes none has no such attribute.
  const hasHash = ctx.record.slots.some((image) => image !== null && image.md5 !== "");
  if (classId === SOFTWARE_IMAGE && !hasHash) return 0xf800;
  return (attributesOf(classId) ?? []).reduce((mask, _attribute, index) => mask | maskBit(index), 0);
}

function attributesIn(ctx: OntContext, classId: number, instanceId: number): Attributes {
  switch (classId) {
    case SOFTWARE_IMAGE:
      return softwareImage(ctx, instanceId === 1 ? 1 : 0);
    case ONU_G:
      return onuG(ctx);
    case ONU2_G:
      return {
        equipmentId: ctx.config.equipmentId,
        omccVersion: ctx.config.omccVersion,
        vendorProductCode: 0,
      };
    case ONU_DATA:
      return { mibDataSync: ctx.mibDataSync };
    default:
      return recovery(ctx);
  }
}

/** Class 7 (G.988 9.1.4). An image that is not valid has no version, product code or hash that could be relied on. */
export function softwareImage(ctx: OntContext, slot: Slot): Attributes {
  const flags = flagsOf(ctx.record, ctx.running)[slot];
  const image = ctx.record.slots[slot];
  return {
    version: image?.version ?? "",
    isCommitted: flags.committed ? 1 : 0,
    isActive: flags.active ? 1 : 0,
    isValid: flags.valid || ctx.config.quirks.reportsAlwaysValid === true ? 1 : 0,
    productCode: image?.productCode ?? "",
    imageHash: hexBytes(image?.md5 ?? ""),
  };
}

/** Class 256: identity; what has nothing to do with software is zero. */
function onuG(ctx: OntContext): Attributes {
  const { serial, hardwareVersion } = ctx.config;
  return {
    vendorId: serial.slice(0, 4),
    version: hardwareVersion,
    serialNumber: serialNumber(serial),
    trafficManagementOption: 0,
    deprecated: 0,
    batteryBackup: 0,
    administrativeState: 0,
    operationalState: 0,
    survivalTime: 0,
    logicalOnuId: "",
    logicalPassword: "",
    credentialsStatus: 0,
    extendedTcLayerOptions: 0,
  };
}

/** Class 65280 (extension): what the ONT has of the window it is collecting, and how the last trial ended. */
function recovery(ctx: OntContext): Attributes {
  const window = ctx.download?.window;
  const received = window?.received.bytes ?? new Uint8Array(32);
  return {
    windowSections: window?.sections ?? 0,
    receivedLow: received.slice(0, 16),
    receivedHigh: received.slice(16, 32),
    windowBase: window?.base ?? 0,
    lastAcceptedTci: ctx.download?.accepted?.lastTci ?? 0,
    trialOutcome: trialOutcomes.indexOf(ctx.trialOutcome),
  };
}

/** How the last trial of an image ended, in the order of the values on the wire. */
export const trialOutcomes = ["none", "booted", "failed"] as const;
export type TrialOutcome = (typeof trialOutcomes)[number];

/** Serial number: four letters as they are, eight hexadecimal digits as four bytes. */
export function serialNumber(serial: string): Uint8Array {
  const bytes = new Uint8Array(8);
  for (let index = 0; index < 4; index++) bytes[index] = serial.charCodeAt(index);
  bytes.set(hexBytes(serial.slice(4, 12)), 4);
  return bytes;
}

function hexBytes(hex: string): Uint8Array {
  const byteAt = (at: number): number => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return Uint8Array.from({ length: hex.length >> 1 }, (_, at) => byteAt(at));
}
