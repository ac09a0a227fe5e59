/** What the line schedules in the event queue: kinds of events, which a driver's own come behind. */
export const LINE_EVENT = {
  /** Frames reach ONTs (payload: Delivery). */
  deliver: 0,
  /** A frame reaches the OLT (payload: UpstreamFrame). */
  upstream: 1,
} as const;
