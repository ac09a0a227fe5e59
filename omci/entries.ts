/** What MIB upload next and Get all alarms next list: MEs one behind the other, of which baseline has room for one (A.2, A.3). */

/** A bit for each alarm of a class, number 0 first (11.2). */
export const ALARM_BITMAP_BYTES = 28;

const ME_BYTES = 4;
const MASK_BYTES = 2;
/** In front of each ME of an extended MIB upload: the bytes of its values. */
const VALUES_LENGTH_BYTES = 2;

/** One ME that an ONT has, or as much of it as an answer has room for. */
export interface UploadedEntity {
  classId: number;
  instanceId: number;
  attributeMask: number;
  values: Uint8Array;
}

/** One ME with alarms. */
export interface AlarmedEntity {
  classId: number;
  instanceId: number;
  alarmBitmap: Uint8Array;
}

const uint16 = (bytes: Uint8Array, at: number): number => (bytes[at] << 8) | bytes[at + 1];

/** The MEs of a MIB upload next answer; one that is cut off ends them, with the values that are there. */
export function uploadedEntities(list: Uint8Array, isExtended: boolean): UploadedEntity[] {
  const entities: UploadedEntity[] = [];
  const lengthBytes = isExtended ? VALUES_LENGTH_BYTES : 0;
  for (let at = 0; at + lengthBytes + ME_BYTES + MASK_BYTES <= list.length;) {
    const entityAt = at + lengthBytes;
    const valuesAt = entityAt + ME_BYTES + MASK_BYTES;
    const end = isExtended ? valuesAt + uint16(list, at) : list.length;
    entities.push({
      classId: uint16(list, entityAt),
      instanceId: uint16(list, entityAt + 2),
      attributeMask: uint16(list, entityAt + ME_BYTES),
      values: list.subarray(valuesAt, end),
    });
    at = end;
  }
  return entities;
}

/** The MEs of a Get all alarms next answer. */
export function alarmedEntities(list: Uint8Array): AlarmedEntity[] {
  const entities: AlarmedEntity[] = [];
  for (let at = 0; at + ME_BYTES + ALARM_BITMAP_BYTES <= list.length; at += ME_BYTES + ALARM_BITMAP_BYTES) {
    const alarmBitmap = list.subarray(at + ME_BYTES, at + ME_BYTES + ALARM_BITMAP_BYTES);
    entities.push({ classId: uint16(list, at), instanceId: uint16(list, at + 2), alarmBitmap });
  }
  return entities;
}

/** Numbers of the alarms that a bitmap raises. */
export function raisedAlarms(bitmap: Uint8Array): number[] {
  const raised: number[] = [];
  for (const [byte, bits] of bitmap.entries())
    for (let bit = 0; bit < 8; bit++) if ((bits & (0x80 >> bit)) !== 0) raised.push(8 * byte + bit);
  return raised;
}
