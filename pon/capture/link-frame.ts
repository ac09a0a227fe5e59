/** What a link gives: a frame, and what it tells of whose it is. */

/** A frame and what its link tells of whose it is. */
export interface LinkFrame {
  frame: Uint8Array;
  /** -1 = broadcast; an address where there is no number. */
  onuId?: number | string;
  pon?: number | string;
  /** Where the link knows better than the frame. */
  direction?: "down" | "up";
}
