/** What a run shows on a terminal or in a log, and the choice between the two. */
import { LiveView, type ProgressView, type Terminal } from "./live.ts";
import { PlainProgress } from "./plain.ts";

export { ViewBuilder } from "./build.ts";
export { listenToKeys } from "./keys.ts";
export { renderPicture, type Screen } from "./picture.ts";
export { LiveView, type ProgressView, type Terminal } from "./live.ts";
export { PlainProgress, plainText } from "./plain.ts";
export { renderSummary } from "./summary.ts";
export type { CellState } from "../../run/states/index.ts";
export type { OntRow, RunInfo, ReportedView, RunScreen } from "./types.ts";

type Environment = Readonly<Partial<Record<string, string>>>;

/** What may be shown on a stream. */
export interface Look {
  live: boolean;
  colour: boolean;
  unicode: boolean;
}

/**
 * Chooses by the stream and the environment: NO_COLOR (any value but an empty one) takes the colours, FORCE_COLOR gives them
 * (not 0), TERM=dumb and CI take the live view, a locale other than UTF-8 the glyphs.
 */
export function lookOf(stream: { isTTY?: boolean }, environment: Environment): Look {
  const { NO_COLOR = "", FORCE_COLOR = "", TERM, CI = "" } = environment;
  const capable = stream.isTTY === true && TERM !== "dumb";
  const forced = FORCE_COLOR !== "" && FORCE_COLOR !== "0";
  return {
    live: capable && CI === "",
    colour: NO_COLOR === "" && (capable || forced),
    unicode: isUtf8(environment),
  };
}

/** The first of the three that is set counts (POSIX 8.2); where none is, as in many containers, UTF-8 is taken for granted. */
function isUtf8({ LC_ALL = "", LC_CTYPE = "", LANG = "" }: Environment): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return locale === "" || /utf-?8/i.test(locale);
}

/** Progress on a stream, live where it is a terminal, else as lines. */
export function createProgress(stream: Terminal & { isTTY?: boolean }, environment: Environment): ProgressView {
  const { live, ...look } = lookOf(stream, environment);
  return live ? new LiveView(stream, look) : new PlainProgress(stream, () => performance.now());
}
