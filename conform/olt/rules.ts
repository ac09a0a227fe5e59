/** The rules for OLTs, and what is found of each. */

/** What an OLT is judged by. Own wording, derived from G.988 9.1.4, 11.2 and appendix I.3; no certification. */
export const OLT_RULES = {
  "tci.nonzero": ["Commands carry a TCI that is not 0", "11.2.2"],
  "tci.distinct": ["A command carries another TCI than the one before, unless it is its repeat", "11.2.2"],
  "trailer.right": ["The trailer of a frame, where there is one, is its CRC-32", "11.2, I.363.5"],
  "start.first": ["Sections come after a Start that was answered ok", "9.1.4"],
  "window.granted": ["No section goes beyond the window that was granted", "9.1.4"],
  "section.order": ["Sections of a window go up by one, from 0", "I.3"],
  "section.ar": ["Only the last section of a window asks for an answer, and every last one does", "I.3"],
  "window.wait": ["The next window begins only after the last one was answered", "I.3"],
  "window.repeat": ["A refused window is sent again from section 0", "I.3"],
  "end.complete": ["End comes after the last window was answered ok", "9.1.4"],
  "end.size": ["End names the size that Start named", "9.1.4"],
  "end.crc": ["End names the CRC-32 of the bytes that were sent", "I.363.5"],
  "end.busy": ["An End that is answered device busy is repeated until it is not", "9.1.4"],
  "activate.valid": ["Activate is for an image that is valid", "9.1.4"],
  "commit.valid": ["Commit is for an image that is valid", "9.1.4"],
} as const;
export type OltRule = keyof typeof OLT_RULES;

export interface OltFinding {
  rule: OltRule;
  /** pass: seen, and as it should be. notSeen: nothing that the rule is about. */
  verdict: "pass" | "fail" | "notSeen";
  /** Of a failure: the frame (from 1, both directions counted), and what was wrong; of what was cut short: that it was. */
  cause: string;
}
