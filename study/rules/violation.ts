/** What must hold at every instant of a run, whatever goes wrong in it. */
export const rules = {
  valid: "an image is valid only with the bytes, CRC-32 and signature of one that is",
  flags: "never two images committed, never two active",
  active: "the image that runs is valid",
  running: "the slot that runs, and its configuration, are never written",
  bootable: "an ONT always has an image to boot",
  identical: "ONTs valid with the version sent hold the same bytes",
  pace: "what is sent fits the line, the feed and the OMCC budget",
  operator: "while paused no section leaves; after an abort the old images run",
  bounds: "every queue and every timer is bounded",
} as const;

export type Rule = keyof typeof rules;

const NS_PER_SECOND = 1e9;

/** A rule was broken: a defect of this program, never of a scenario. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly rule: Rule;
  readonly atNs: number;
  /** Who broke it: an ONT, a port, the run. */
  readonly place: string;
  readonly seen: string;

  constructor(rule: Rule, atNs: number, place: string, seen: string) {
    super(`${rules[rule]}: at ${(atNs / NS_PER_SECOND).toFixed(9)} s, ${place}: ${seen}`);
    this.rule = rule;
    this.atNs = atNs;
    this.place = place;
    this.seen = seen;
  }
}
