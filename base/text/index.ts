/** What people read, whatever it is about: units, plurals, tables. */
export { bytesOfHex, hexOf } from "./hex.ts";
export { type Align, alignedText, csvLine, figuresRight, type MarkdownOptions, markdownTable } from "./table.ts";
export { valueWords } from "./words.ts";
export { bytesText, copiesText, countText, durationText, percentText, plural, rateText } from "./units.ts";
