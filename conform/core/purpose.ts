/** Comments for captures that say what the tester got wrong on purpose, so that nobody takes it for a fault. */
import type { Evidence } from "./evidence.ts";
import type { ConformImage } from "./transport.ts";

/** `section 3`, `sections 3, 4`. */
export const sectionsOf = (numbers: readonly number[]): string =>
  `${numbers.length === 1 ? "section" : "sections"} ${numbers.join(", ")}`;

/** Says for the capture what is done to a window on purpose. */
export function noteWindow(
  evidence: Evidence,
  number: number,
  { lose = [], order }: { lose?: readonly number[]; order?: readonly number[] },
  nullSections: number,
): void {
  if (lose.length > 0) evidence.note(`window ${number} goes out without ${sectionsOf(lose)}`);
  if (order !== undefined) evidence.note(`sections of window ${number} in this order: ${order.join(", ")}`);
  if (nullSections > 0) evidence.note(`window ${number} ends with ${nullSections} null sections`);
}

/** Says for the capture what is wrong with an End on purpose. */
export function noteEnd(
  evidence: Evidence,
  end: { crc32: number; imageBytes: number },
  image: ConformImage | undefined,
): void {
  if (end.imageBytes === 0) return evidence.note("the download is given up: End with size 0");
  if (image === undefined) return;
  const { length } = image.bytes;
  if (end.crc32 !== image.crc32) evidence.note("the CRC-32 of this End is wrong");
  if (end.imageBytes !== length) evidence.note(`the size of this End is wrong: ${length} is right`);
}
