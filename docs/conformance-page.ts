/** docs/conformance.md, written from the catalogue of cases: what it says is what is run. */
import { catalogue, type ConformCase, limits, preconditionTexts } from "../conform/core/index.ts";

const bases = {
  "G.988": "G.988",
  field: "field practice: G.988 leaves it open, OLTs in the field count on it",
} as const;

/** docs/conformance.md: every case, from the data it runs from. */
export function conformancePage(): string {
  return [...head(), ...catalogue.flatMap(describe)].join("\n");
}

function head(): string[] {
  const preconditions = Object.entries(preconditionTexts).map(([name, text]) => `- **${name}**: ${text}`);
  return [
    "# Conformance cases",
    "",
    "Made by `npm run docs` from `conform/core/catalogue`.",
    "",
    "`poncast conform ont` runs these cases against an ONT. Ids and wording are this project's own, derived from ITU-T G.988;",
    "clause numbers say where to read on. Passing them is no certification by anybody, and it is no statement of the",
    "Broadband Forum or the ITU.",
    "",
    "Verdicts:",
    "",
    "- **pass**, **fail**;",
    "- **not applicable**: G.988 leaves the matter to the ONT, and this one has it not (an optional attribute, a window",
    "  smaller than the case needs, an ONT never seen storing), or the link has no trailer, or the ONT's hardware adds it;",
    "- **skipped**: it could not be tested. There was no image (`--image`), the ONT refuses the image, nobody can switch the",
    "  power (`--power-cycle-command`), the ONT did not get to the case's beginning, or it is gone;",
    "- **died**: the ONT, or the server that it is behind, was gone in the middle of the case. What was seen of it is told, but it",
    "  is no finding about the case. The cases behind are skipped, or go on where `--restart-command` starts the target again.",
    "",
    "The command exits 0 only when every selected case passes or is not applicable. A skipped case is no pass: leave out with",
    "`--skip` what cannot be tested. Most cases need an image that the ONT accepts. The first of them downloads it plainly; an",
    "ONT that answers whole and undamaged data with an error does not want this image, and all that need it are skipped with",
    "that cause. ONTs that verify signatures need a signed image of their maker.",
    "",
    "A case of one message set is left out of runs with the other. Cases marked *field practice* do not follow from the text of",
    "G.988; leave them out by their ids where only the standard counts.",
    "",
    "An ONT other than our own goes through all cases one after the other, with restarts: it may run and have committed the",
    "other image in the end. Values in the bytes that G.988 leaves unused in a negative window answer are not judged.",
    "",
    "`--pcap <folder>` leaves a capture of each case, `<id>.pcapng`, for Wireshark and `poncast decode`. Frames have the numbers",
    "that failures name; comments say where steps begin, what was done on purpose, and the verdict.",
    "",
    `Time limits (times \`--timeout-scale\`): an answer ${limits.answerMs / 1000} s, silence ${limits.silenceMs / 1000} s, a restart ${limits.restartMs / 1000} s,`,
    `"device busy" ${(limits.busyPollMs * limits.busyPolls) / 1000} s in polls of ${limits.busyPollMs / 1000} s, a notification ${limits.avcMs / 1000} s.`,
    "",
    "A restart shows by silence, by the image that runs behind it, or by MIB data sync, which begins at 0. For ONTs that restart",
    "without any of these, as simulators do, `--restart-silence 0s` takes the answer for the restart.",
    "",
    "Known of simulators, so that nobody looks for it twice:",
    "",
    "- BBSim 1.16.8 (`openolt://`): ends itself at `me.read-only`; answers no Get of attributes or classes that it does not have, and",
    "  0 to one of an instance that is not there; counts sections without looking at their numbers, so that it takes windows with",
    "  gaps, and refuses an image of which a window came twice; is never busy. An ONU that has an image stored cannot be deleted",
    "  there: a run that was cut off behind the store finds it with that image, until the simulator is started anew.",
    "- obbaa-onu-simulator (`relay://`): ends itself at a message type that it does not know, all of the download among them; cases",
    "  that only read (`me.*`) can be run.",
    "",
    "*Original* is the image that runs and is committed when a case begins, *target* the other one. Flags are written",
    "committed/active/valid; S1 to S4 are the states of figure 9.1.4-1.",
    "",
    "Preconditions:",
    "",
    ...preconditions,
    "",
    `${catalogue.length} cases:`,
    "",
  ];
}

function describe({ id, title, clause, basis, objective, preconditions, steps, pass, only }: ConformCase): string[] {
  return [
    `## ${id}`,
    "",
    `${title}.`,
    "",
    `- Clause: ${clause}; basis: ${bases[basis]}${only === undefined ? "" : `; ${only} only`}`,
    `- Objective: ${objective}`,
    `- Preconditions: ${preconditions.join(", ")}`,
    ...steps.map(({ text }, index) => `${index === 0 ? "- Steps:\n" : ""}  ${index + 1}. ${text}`),
    `- Pass: ${pass}`,
    "",
  ];
}
