/** What an ONT looks at before it takes an image, and again before it restarts into it: room, power, heat, a lock, a call. */

/** How an ONT stands at the moment; a driver's to tell. */
export interface OntConditions {
  /** Room of a slot, bytes. */
  slotBytes: number;
  /** Room of the staging area, where a delta lies until it is applied, bytes. */
  stagingBytes: number;
  /** Charge of the battery that it runs on; null: it has mains. */
  batteryPercent: number | null;
  /** On less than this nothing is installed. */
  batteryMinPercent: number;
  temperatureCelsius: number;
  /** Above this nothing is installed. */
  temperatureMaxCelsius: number;
  /** By its operator. */
  locked: boolean;
  /** Somebody is on the telephone; Activate's flags look at it (G.988 9.1.4). */
  callInProgress: "none" | "call" | "emergency";
}

/** Why nothing is installed now. All but room pass by themselves. */
export type ConditionCause = "room" | "battery" | "temperature" | "locked" | "call";

/** What an image asks for. */
export interface RoomNeeded {
  slotBytes: number;
  stagingBytes: number;
}

/** Why there is no room for an image; null where there is. */
export function roomCause(conditions: OntConditions | undefined, needed: RoomNeeded): ConditionCause | null {
  if (conditions === undefined) return null;
  return needed.slotBytes > conditions.slotBytes || needed.stagingBytes > conditions.stagingBytes ? "room" : null;
}

/** Why nothing is installed now, calls left aside; null where nothing stands against it. */
function standingCause(conditions: OntConditions): ConditionCause | null {
  const { batteryPercent, batteryMinPercent, temperatureCelsius, temperatureMaxCelsius, locked } = conditions;
  if (batteryPercent !== null && batteryPercent < batteryMinPercent) return "battery";
  if (temperatureCelsius > temperatureMaxCelsius) return "temperature";
  return locked ? "locked" : null;
}

/** Why no download begins now: erasing and writing a flash takes what a call needs. */
export function startCause(conditions: OntConditions | undefined): ConditionCause | null {
  if (conditions === undefined) return null;
  return standingCause(conditions) ?? (conditions.callInProgress === "none" ? null : "call");
}

/** Why an Activate with these flags waits: 1 for any call, 2 for an emergency call, 0 for none. */
export function activateCause(conditions: OntConditions | undefined, flags: number): ConditionCause | null {
  if (conditions === undefined) return null;
  const { callInProgress } = conditions;
  const waits = flags === 1 ? callInProgress !== "none" : flags === 2 && callInProgress === "emergency";
  return standingCause(conditions) ?? (waits ? "call" : null);
}
