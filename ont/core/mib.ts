/** The managed entities of an ONT: which there are, what a Get reads of them, which commands they take. */
import { bytesOfHex } from "../../base/text/index.ts";
import {
  answerGet,
  maskOf,
  maskOfClass,
  ONU2_G,
  ONU_DATA,
  ONU_G,
  RECOVERY,
  RESULT,
  SOFTWARE_IMAGE,
  type Attributes,
  type Message,
  type MessageHeader,
  type MessageSet,
  BITMAP_HALF_BYTES,
  DELTA_FORMAT_1,
  RUNNING_IMAGE_BYTES,
  TRIAL_OUTCOMES,
} from "../../omci/index.ts";
import type { GetResponse } from "./behaviour.ts";
import type { OntContext } from "./context.ts";
import { flagsOf, slotOfInstance } from "./images.ts";
import { heldOf } from "./place.ts";
import type { OntConfig, Slot } from "./types.ts";

type GetRequest = Extract<Message, { type: "getRequest" }>;

/** Requests that change something; each belongs to one class. */
export type Command = Extract<
  Message,
  {
    type:
      | "mibResetRequest"
      | "rebootRequest"
      | "startDownloadRequest"
      | "endDownloadRequest"
      | "activateImageRequest"
      | "commitImageRequest";
  }
>;

/** One managed entity. Attributes are for reading, but for two of the recovery ME (place.ts). */
interface ManagedEntity {
  /** What it takes beside Get and sections. */
  commands: readonly Command["type"][];
  /** Left out where every ONT has it. */
  isThere?: (config: OntConfig) => boolean;
  hasInstance: (instanceId: number) => boolean;
  /** Mask of the attributes that this ONT has. */
  attributeMask: (context: OntContext) => number;
  read: (context: OntContext, instanceId: number) => Attributes;
}

const isZero = (instanceId: number): boolean => instanceId === 0;

const MASKS = {
  onuData: maskOfClass(ONU_DATA),
  softwareImage: maskOfClass(SOFTWARE_IMAGE),
  withoutHash: maskOfClass(SOFTWARE_IMAGE) & ~maskOf(SOFTWARE_IMAGE, "imageHash"),
  onuG: maskOfClass(ONU_G),
  onu2G: maskOf(ONU2_G, "equipmentId", "omccVersion", "vendorProductCode"),
  recovery: maskOfClass(RECOVERY),
  placed: maskOf(RECOVERY, "heldImage", "place", "held"),
  delta: maskOf(RECOVERY, "deltaFormats", "runningImage", "announcedKind", "refusal"),
} as const;

/** Attributes of the recovery ME that this ONT has: those of places together, and with them those of deltas. */
function recoveryMask({ config: { placeAware, deltaAware } }: OntContext): number {
  if (!placeAware) return MASKS.recovery & ~MASKS.placed & ~MASKS.delta;
  return deltaAware === true ? MASKS.recovery : MASKS.recovery & ~MASKS.delta;
}

/** The MIB. A class that is not here is unknown to the ONT. */
const ENTITIES: ReadonlyMap<number, ManagedEntity> = new Map<number, ManagedEntity>([
  [
    ONU_DATA,
    {
      commands: ["mibResetRequest"],
      hasInstance: isZero,
      attributeMask: () => MASKS.onuData,
      read: ({ mibDataSync }) => ({ mibDataSync }),
    },
  ],
  [
    SOFTWARE_IMAGE,
    {
      commands: ["startDownloadRequest", "endDownloadRequest", "activateImageRequest", "commitImageRequest"],
      hasInstance: (instanceId) => slotOfInstance(instanceId) !== null,
      // The hash is optional, and an ONT that makes none has no such attribute.
      attributeMask: ({ record }) =>
        record.slots.some((image) => image !== null && image.md5 !== "") ? MASKS.softwareImage : MASKS.withoutHash,
      read: (context, instanceId) => softwareImage(context, instanceId === 1 ? 1 : 0),
    },
  ],
  [ONU_G, { commands: ["rebootRequest"], hasInstance: isZero, attributeMask: () => MASKS.onuG, read: onuG }],
  [
    ONU2_G,
    {
      commands: [],
      hasInstance: isZero,
      attributeMask: () => MASKS.onu2G,
      read: ({ config: { equipmentId, omccVersion } }) => ({ equipmentId, omccVersion, vendorProductCode: 0 }),
    },
  ],
  [
    RECOVERY,
    {
      commands: [],
      isThere: ({ recoveryAware }) => recoveryAware,
      hasInstance: isZero,
      attributeMask: recoveryMask,
      read: recovery,
    },
  ],
]);

/** The managed entity of a class; undefined when this ONT has none of that class. */
export function entityOf(config: OntConfig, classId: number): ManagedEntity | undefined {
  const entity = ENTITIES.get(classId);
  return entity?.isThere?.(config) === false ? undefined : entity;
}

/** Whether a command goes to the class that takes it. */
export const takesCommand = (config: OntConfig, { type, classId }: Command): boolean =>
  entityOf(config, classId)?.commands.includes(type) === true;

/** Why a message to this managed entity is refused; null when the entity is there. */
export function meRefusal({ config, behaviour }: OntContext, { classId, instanceId }: MessageHeader): number | null {
  const entity = entityOf(config, classId);
  if (entity === undefined) return RESULT.unknownMe;
  return entity.hasInstance(instanceId) ? null : behaviour.refusals.unknownInstance;
}

/** Get (G.988 11.2): what fits of the attributes asked for. */
export function handleGet(context: OntContext, nowNs: number, request: GetRequest): void {
  const { classId, instanceId, attributeMask, messageSet } = request;
  const entity = entityOf(context.config, classId);
  if (entity === undefined) return answerEmpty(context, nowNs, request, RESULT.unknownMe);
  if (!entity.hasInstance(instanceId)) {
    return answerEmpty(context, nowNs, request, context.behaviour.refusals.unknownInstance);
  }
  const has = entity.attributeMask(context);
  const attributes = entity.read(context, instanceId);
  const read = (set: MessageSet): GetResponse => answerGet(classId, attributeMask, has, attributes, set);
  context.answer(nowNs, request, read(messageSet), (bytes) =>
    context.behaviour.shapeGetAnswer(bytes, messageSet, read),
  );
}

function answerEmpty(context: OntContext, nowNs: number, request: GetRequest, result: number): void {
  const masks = { attributeMask: 0, optionalAttributeMask: 0, attributeExecutionMask: 0 };
  context.answer(nowNs, request, { type: "getResponse", result, ...masks, values: new Uint8Array(0) });
}

/** Class 7 (G.988 9.1.4). An image that is not valid has no version, product code or hash that could be relied on. */
export function softwareImage(context: OntContext, slot: Slot): Attributes {
  const flags = flagsOf(context.record, context.running)[slot];
  const image = context.record.slots[slot];
  return {
    version: image?.version ?? "",
    isCommitted: flags.committed ? 1 : 0,
    isActive: flags.active ? 1 : 0,
    isValid: context.behaviour.reportsValid(flags.valid) ? 1 : 0,
    productCode: image?.productCode ?? "",
    imageHash: bytesOfHex(image?.md5 ?? ""),
  };
}

/** Class 256: identity; what has nothing to do with software is zero. */
function onuG(context: OntContext): Attributes {
  const { serial, hardwareVersion } = context.config;
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

/** Class 65280 (extension): what the ONT has of the window it is collecting and of the image, and how the last trial ended. */
function recovery(context: OntContext): Attributes {
  const window = context.download?.window;
  const received = window?.received.bytes ?? new Uint8Array(32);
  return {
    windowSections: window?.sections ?? 0,
    receivedLow: received.slice(0, BITMAP_HALF_BYTES),
    receivedHigh: received.slice(BITMAP_HALF_BYTES),
    windowBase: window?.base ?? 0,
    lastAcceptedTci: context.download?.accepted?.lastTci ?? 0,
    trialOutcome: TRIAL_OUTCOMES.indexOf(context.trialOutcome),
    ...heldOf(context),
    deltaFormats: DELTA_FORMAT_1,
    runningImage: bytesOfHex(runningSha256(context).slice(0, 2 * RUNNING_IMAGE_BYTES)),
    refusal: context.refusal,
  };
}

/** SHA-256 of the bundle that runs, hexadecimal; empty where nobody knows it. */
export const runningSha256 = ({ running, record }: OntContext): string =>
  running === null ? "" : (record.slots[running]?.sha256 ?? "");

/** Serial number: four letters as they are, eight hexadecimal digits as four bytes. */
export function serialNumber(serial: string): Uint8Array {
  const bytes = new Uint8Array(8);
  for (let index = 0; index < 4; index++) bytes[index] = serial.charCodeAt(index);
  bytes.set(bytesOfHex(serial.slice(4, 12)), 4);
  return bytes;
}
