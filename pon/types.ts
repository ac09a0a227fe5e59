/** Words of the fibre that cores use too: no socket, no clock. */

/** Where a downstream frame came in: the ONT's own OMCC, or the broadcast GEM port. */
export type Channel = "omcc" | "broadcast";

/** Stands in place of an ONU-ID: to all ONTs, on the broadcast GEM port. */
export const BROADCAST = -1;
