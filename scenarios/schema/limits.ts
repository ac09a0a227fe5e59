/** How large a scenario may be. */
export const LIMITS = {
  ontsPerPon: 128,
  pons: 64,
  /** A download's size is in 4 bytes (G.988 9.1.4); what a bundle adds to its payload has room in the rest. */
  imageBytes: 4 * 1024 ** 3 - 64 * 1024,
  /** Of an image in a run, which holds it in memory. */
  runImageBytes: 256 * 1024 * 1024,
  windowSections: 256,
  sectionBytes: 1965,
  /** As olt/core/command.ts has them. */
  rateBitsPerSecondLeast: 800,
  rateBitsPerSecondMost: 8e12,
} as const;

/** Rates of the lines downstream, of which a budget may be a percentage: those of pon/virtual/profiles.ts. */
export const LINE_BITS_PER_SECOND: Readonly<Record<string, number>> = {
  gpon: 2_488_320_000,
  xgpon: 9_953_280_000,
  xgspon: 9_953_280_000,
};
