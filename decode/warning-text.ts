/** Numbers as warnings have them. */

/** Numbers that a warning names. */
const NAMED_MAX = 8;

export const hex32 = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

export function named(numbers: readonly number[]): string {
  const list = numbers.slice(0, NAMED_MAX).join(", ");
  const more = numbers.length > NAMED_MAX ? ` and ${numbers.length - NAMED_MAX} more` : "";
  return numbers.length === 1 ? `section ${list} is` : `sections ${list}${more} are`;
}

export const NO_START = { kind: "noStart", text: "section without a Start before it" } as const;
