/** What people read, whatever it is about: units, plurals, tables, colours of a terminal. */
export { clip, cursor, firstFitting, harmless, type Paint, painter, type Style, widthOf, wrap } from "./ansi.ts";
export { type Align, alignedText, csvLine, figuresRight, type MarkdownOptions, markdownTable } from "./table.ts";
export { bytesText, countText, durationText, percentText, plural, rateText } from "./units.ts";
