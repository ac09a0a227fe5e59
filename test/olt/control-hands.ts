/** What the tests of an operator's commands do: run up to a point, ask, look at what leaves. */
import { expect } from "vitest";
import { decodeMessage } from "../../omci/index.ts";
import type { OltCommand, OltEvent } from "../../olt/index.ts";
import { committedBytes, type Fleet, type FleetOptions, makeFleet } from "../support/fleet.ts";

const windows = ({ pon }: Fleet): number => pon.olt.status().counters.windows;
export const phases = ({ pon }: Fleet): string[] => pon.olt.status().onts.map(({ phase }) => phase);
export const command = ({ pon }: Fleet, asked: OltCommand) => pon.olt.handleCommand(pon.nowNs, asked);

/** Everybody runs what is committed, and that is not the image sent. */
export function expectOldImages(fleet: Fleet): void {
  for (const ont of fleet.pon.onts) expectOldImage(fleet, ont);
}

export function expectOldImage({ image }: Fleet, ont: Fleet["pon"]["onts"][number]): void {
  const { flags, online, activeSlot } = ont.core.snapshot();
  expect([online, flags[activeSlot].committed]).toEqual([true, true]);
  expect(Buffer.compare(committedBytes(ont), image)).not.toBe(0);
  const other = (1 - activeSlot) as 0 | 1;
  if (flags[other].valid) expect(Buffer.compare(ont.slots[other], image)).toBe(0);
}

/** Runs until so many windows have been sent. */
export function toWindow(count: number, options: FleetOptions = {}): Fleet {
  const fleet = makeFleet({ imageBytes: 60_000, ...options });
  fleet.pon.run(() => windows(fleet) >= count);
  return fleet;
}

export function until(fleet: Fleet, phase: string): void {
  fleet.pon.run(() => phases(fleet).includes(phase));
}

/** Lets so much time pass. */
export function pass({ pon }: Fleet, forNs: number): void {
  const untilNs = pon.nowNs + forNs;
  pon.run(() => pon.nowNs >= untilNs || pon.olt.nextTimeoutNs() > untilNs);
  pon.nowNs = Math.max(pon.nowNs, untilNs);
}

export const kindsOf = (frames: { pdu: Uint8Array }[]): string[] =>
  frames.map(({ pdu }) => {
    const decoded = decodeMessage(pdu);
    return decoded.ok ? decoded.message.type : decoded.cause;
  });

export const commands = (fleet: Fleet): Extract<OltEvent, { type: "command" }>[] =>
  fleet.pon.oltEvents.flatMap((event) => (event.type === "command" ? [event] : []));
