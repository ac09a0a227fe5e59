/** What the tests of whole fleets look at: how each ONT ended, what was sent, in which passes. */
import { expect } from "vitest";
import { committedBytes, type Fleet } from "../support/fleet.ts";

/** Image copies that were sent. */
export const copies = ({ pon, image }: Fleet): number => pon.olt.status().counters.sectionPayloadBytes / image.length;

/** Each pass: why, and for how many. */
export const passes = ({ pon }: Fleet): string[] => pon.olt.status().groups.map(({ why, onts }) => `${why} ${onts}`);

/** How each ONT ended, with its cause where it has one. */
export const outcomes = ({ pon }: Fleet): string[] =>
  pon.olt.status().onts.map(({ phase, cause }) => `${phase} ${cause}`.trim());

/** Each is told as committed, and has the bytes of the image. */
export function expectAllCommitted(fleet: Fleet): void {
  expect(outcomes(fleet)).toEqual(fleet.pon.onts.map(() => "committed"));
  for (const ont of fleet.pon.onts) expect(Buffer.compare(committedBytes(ont), fleet.image)).toBe(0);
}
