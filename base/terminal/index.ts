/** Text on a terminal: colours, cursor, widths. A door of its own, as pages for a browser use base/text and have no node:util. */
export {
  clip,
  cursor,
  firstFitting,
  harmless,
  harmlessLines,
  type Paint,
  painter,
  type Style,
  widthOf,
  wrap,
} from "./ansi.ts";
export { ProgressLine } from "./progress-line.ts";
