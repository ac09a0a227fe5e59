/** How large a scenario may be. */
export const LIMITS = {
  ontsPerPon: 128,
  pons: 16,
  imageBytes: 256 * 1024 * 1024,
  windowSections: 256,
  sectionBytes: 1965,
  /** As olt/core/command.ts has them. */
  rateBitsPerSecondLeast: 800,
  rateBitsPerSecondMost: 8e12,
} as const;
