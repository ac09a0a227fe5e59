/** How one ONT deviates from G.988: data, never an `if` for a vendor. All absent or false = the reference ONT. */
export interface QuirkProfile {
  name: string;
}

export const referenceProfile: QuirkProfile = { name: "reference" };
