/** docs/conform-cwmp.md, written from the cases for CPEs and ACSs and the flaws that they find: what it says is what is run. */
import {
  acsCatalogue,
  cpeCatalogue,
  CWMP_LIMITS,
  CWMP_PRECONDITION_TEXTS,
  type CwmpCase,
} from "../conform/cwmp/core/index.ts";
import { ACS_FLAWS, CPE_FLAWS } from "../conform/cwmp/self/index.ts";

const bases = {
  "TR-069": "TR-069",
  field: "field practice: TR-069 leaves it open, the other side counts on it",
} as const;

const seconds = (ms: number): string => `${ms / 1000} s`;

export function cwmpConformancePage(): string {
  return [
    ...head(),
    `## Cases for CPEs: ${cpeCatalogue.length}`,
    "",
    ...cpeCatalogue.flatMap(describe),
    `## Cases for ACSs: ${acsCatalogue.length}`,
    "",
    ...acsCatalogue.flatMap(describe),
  ].join("\n");
}

function head(): string[] {
  return [
    "# Conformance cases for TR-069",
    "",
    "Made by `npm run docs` from `conform/cwmp/core`.",
    "",
    "`poncast conform cpe` is an ACS and a file server that test a CPE, `poncast conform acs` is a CPE that tests an ACS. Ids and wording are",
    "this project's own, derived from TR-069, Amendment 6; clause numbers say where to read on. Passing them is no certification by",
    "anybody, and no statement of the Broadband Forum.",
    "",
    "```console",
    "$ poncast conform cpe --listen 192.0.2.1:7549 --image new.img --har sessions   # the CPE is pointed to http://192.0.2.1:7549/acs",
    "$ poncast conform cpe --self --quirk ignores-delay --only 'download.*'         # our own, with a flaw",
    "$ poncast conform acs https://acs.example:7548/acs --username u --password p --junit r.xml",
    "```",
    "",
    "## A CPE",
    "",
    "The CPE comes by itself, or is asked to where its ConnectionRequestURL is given as `address`. At its first session it is told name and",
    "password for connection requests (a password of this run, or `--connection-username` and `--connection-password` where it has some",
    "that it keeps); a CPE without a ConnectionRequestURL is told to inform every 20 s. From then on cases call it when they need it. IPv6 is a matter",
    "of `--listen [2001:db8::1]:7549`.",
    "",
    "Most cases have it fetch a file that is no image, and look at what it says of that: they need no firmware. `image.*` need one",
    "that it takes (`--image`) and does not run yet; it is installed once, by the last cases. `--untrusted-image`, `--restart-command` and",
    "`--revoked-pki` give what some cases need beside it; a case that cannot have it is skipped.",
    "",
    "Requests that arrive while a CPE waits after a failed session, or informs by itself, disturb no case. What cases set and put back: URL of",
    "the ACS, PeriodicInformInterval; what they leave: ParameterKey, ProvisioningCode, CWMPRetry figures (5 s, 2,000), name and password",
    "for connection requests.",
    "",
    "## An ACS",
    "",
    "The CPE that tests it is one device (`--oui`, `--product-class`, `--serial`). It answers what it is asked as a small CPE would, and refuses",
    "restarts and downloads by fault 9001. `--username` and `--password` are what it shows; without them cases of `auth.*` are skipped.",
    "",
    "## Verdicts",
    "",
    "- **pass**, **fail**: with the step, the number of the exchange of HTTP, what was wrong, and the clause, in one line;",
    "- **not applicable**: an optional method that the device does not have, or an ACS that asks nothing;",
    "- **skipped**: inconclusive, with the cause: it could not be brought about here.",
    "",
    "The command exits 0 only when every selected case passes or is not applicable. `--json`, `--junit`, `--tap` and `--sign` write reports as",
    "`conform ont` does. `--har <folder>` leaves an HTTP archive of each case, `<id>.har`, which browsers open: its exchanges have the numbers",
    "that failures name, and comments say what was done on purpose. Messages in it are whole, with the passwords that stand in them.",
    "",
    `Time limits (times \`--timeout-scale\`): a session behind a connection request ${seconds(CWMP_LIMITS.connectMs)}, an answer ${seconds(CWMP_LIMITS.answerMs)}, a restart`,
    `${seconds(CWMP_LIMITS.restartMs)}, a transfer ${seconds(CWMP_LIMITS.transferMs)}, its begin ${seconds(CWMP_LIMITS.beginMs)}, silence ${seconds(CWMP_LIMITS.silenceMs)}. Delays and windows that cases ask for are not scaled.`,
    "",
    "Preconditions:",
    "",
    ...Object.entries(CWMP_PRECONDITION_TEXTS).map(([name, text]) => `- **${name}**: ${text}`),
    "",
    "## Flaws",
    "",
    "With `--self --quirk <name>` our own device has a known flaw, and the cases that are about it fail: `test/conform/cwmp/matrix.json` says",
    "which, and tests hold it.",
    "",
    "| of a CPE | |",
    "|---|---|",
    ...CPE_FLAWS.slice(1).map(({ name, about }) => `| \`${name}\` | ${about} |`),
    "",
    "| of an ACS | |",
    "|---|---|",
    ...ACS_FLAWS.slice(1).map(({ name, about }) => `| \`${name}\` | ${about} |`),
    "",
  ];
}

function describe({ id, title, clause, basis, objective, preconditions, steps, pass }: CwmpCase<never>): string[] {
  return [
    `### ${id}`,
    "",
    `${title}.`,
    "",
    `- Clause: ${clause}; basis: ${bases[basis]}`,
    `- Objective: ${objective}`,
    ...(preconditions.length === 0 ? [] : [`- Preconditions: ${preconditions.join(", ")}`]),
    ...steps.map(({ text }, index) => `${index === 0 ? "- Steps:\n" : ""}  ${index + 1}. ${text}`),
    `- Pass: ${pass}`,
    "",
  ];
}
