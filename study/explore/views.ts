/** What of a core's state changes nothing that it does: a digest leaves it out, else two equal worlds would be two. */

/** What counts of a field's value. */
type View = (value: unknown) => unknown;

const nothing: View = () => undefined;
/** Whether it has come at all, not when. */
const whether: View = (value) => (value as number) >= 0;
/** An answered request is kept to know answers to its repeats again: by what was asked alone. */
const asked: View = (value) => (value as { $message: unknown } | null)?.$message;

const noneOf = (...fields: string[]): Record<string, View> => Object.fromEntries(fields.map((name) => [name, nothing]));

/** By class, with its file, and field; private ones begin with `$`. A test holds the names to the code. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, View>>>> = {
  // Written in each call before they are read.
  "ont/core/ont.ts:OntMachine": noneOf("$view", "$single"),
  // Settings, by which no two worlds of a search differ; figures for whoever looks; no profile that falls silent is explored.
  "ont/core/context.ts:OntContext": noneOf(
    "config",
    "behaviour",
    "windowsAccepted",
    "windowsRepaired",
    "sectionsLost",
    "$messages",
    "$scratch",
  ),
  "ont/core/job.ts:DownloadJob": noneOf("windowsAccepted"),
  "olt/core/outbox.ts:Outbox": noneOf("$scratch", "$payloadBytes"),
  "olt/core/context.ts:OltContext": noneOf(
    "config",
    "payloads",
    "counters",
    "ledger",
    "changedSessions",
    "firstStartNs",
    "lastWindowAnsweredNs",
    "lastEndNs",
    "firstActivateNs",
    "lastCommitNs",
  ),
  // Its number says which one it is.
  "olt/core/payload.ts:Payload": noneOf("image", "identity", "$config", "$layouts"),
  // Follows from the window.
  "olt/core/parity-feed.ts:ParityFeed": noneOf("$encoder", "$rows"),
  "olt/core/group.ts:Group": noneOf("$entry"),
  "olt/core/progress.ts:Progress": { ...noneOf("$windowsRepaired", "$sectionsLost", "$endedNs"), $startedNs: whether },
  "olt/core/olt.ts:OltCore": { $finishedNs: whether },
  // Follow from the sessions.
  "olt/core/all-ended.ts:AllEnded": noneOf("$undone"),
  "olt/core/session-deadlines.ts:SessionDeadlines": noneOf("$dueNs"),
  // A late answer to what was given up tells how long answers take, and no more: see below.
  "olt/core/session.ts:Session": { $answeredRequest: asked, $givenUpRequest: nothing },
  // Floor and ceiling are one in a search: no time that an answer took changes what follows from them.
  "olt/core/answer-clock.ts:AnswerClock": noneOf("$meanNs", "$deviationNs", "$samples"),
  "olt/core/answer-clock.ts:RoundClock": noneOf("$longestGapNs", "$isTelling"),
  // What all ONTs share, of deltas, which no world of a search has.
  "run/virtual/virtual-flash.ts:VirtualFlash": noneOf("$rebuilds"),
  // What belongs to the simulation's queue, and what never changes.
  "run/virtual/virtual-ont.ts:VirtualOnt": noneOf("plan", "config", "fibre", "factory", "dropped", "life", "busyNs"),
};

export const VIEWS: ReadonlyMap<string, ReadonlyMap<string, View>> = new Map(
  Object.entries(FIELDS).map(([name, fields]) => [name, new Map(Object.entries(fields))]),
);
