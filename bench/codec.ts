/**
 * npm run bench:codec: how fast OMCI frames, their checksums and parity sections are made and read, each beside what a
 * plain copy and SHA-256 of the same bytes take on this machine. Some two minutes on one core.
 */
import { checksumCases } from "./codec/checksums.ts";
import { type ColdCase, coldCases } from "./codec/cold.ts";
import { messageCases } from "./codec/messages.ts";
import { parityCases } from "./codec/parity.ts";
import { sectionCases } from "./codec/sections.ts";
import {
  type Bench,
  environment,
  environmentText,
  figure,
  keep,
  type Measured,
  measure,
  say,
  table,
} from "./harness.ts";

const PROCESSES = 7;

/** A case is benches under names of their own beside plain facts; this measures all benches of all cases together. */
function measureCases<Case extends object>(cases: readonly Case[], sampleMs?: number): Taken<Case>[] {
  const isBench = (value: unknown): value is Bench => typeof value === "object" && value !== null && "run" in value;
  const benches = cases.flatMap((one) => Object.values(one).filter(isBench));
  const measured = measure(benches, { sampleMs });
  let next = 0;
  return cases.map((one) => {
    const entries = Object.entries(one).map(([key, value]) => [
      key,
      isBench(value) ? measured[next++] : (value as unknown),
    ]);
    return Object.fromEntries(entries) as Taken<Case>;
  });
}
type Taken<Case> = { [Key in keyof Case]: Case[Key] extends Bench ? Measured : Case[Key] };

const perSecond = ({ median }: Measured): string => figure(1000 / median);
const megabytes = ({ bytes = 0, median }: Measured): string => figure((1000 * bytes) / median);
const spread = ({ median, min, max }: { median: number; min: number; max: number }): string =>
  `${figure(median)} (${figure(min)}…${figure(max)})`;

function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  say(`\n${title}\n\n${table(head, rows)}`);
}

const where = environment();
say(`${environmentText(where)}\nProcessor time; medians of 7 rounds, least and most in parentheses.`);

const cold: ColdCase[] = coldCases(PROCESSES);
print(
  `Trailer checks (CRC-32) in a process that has just started, ${PROCESSES} processes`,
  ["frames", "bytes each", "ms for all", "ns for one"],
  cold.map((one) => [
    `${one.frames.toLocaleString("en-US")} ${one.name}`,
    String(one.frameBytes),
    spread(one),
    figure((1e6 * one.median) / one.frames),
  ]),
);

const sections = measureCases(sectionCases());
print(
  "Download section with its trailer: sealed, or checked, read and joined to runs",
  ["frame", "bytes", "encode ns", "million/s", "decode ns", "million/s", "copy ns", "SHA-256 ns"],
  sections.map((one) => [
    one.name,
    String(one.frameBytes),
    spread(one.encode),
    perSecond(one.encode),
    spread(one.decode),
    perSecond(one.decode),
    figure(one.copy.median),
    figure(one.sha256.median),
  ]),
);

const checksums = measureCases(checksumCases());
print(
  "Checksums, MB/s",
  ["checksum", "ns", "MB/s", "native MB/s", "copy MB/s", "SHA-256 MB/s"],
  checksums.map((one) => [
    one.name,
    spread(one.ours),
    megabytes(one.ours),
    megabytes(one.native),
    megabytes(one.copy),
    megabytes(one.sha256),
  ]),
);

const parity = measureCases(parityCases());
print(
  "Parity sections of a window, and repair of as many lost ones; MB/s of the window",
  ["window", "encode µs", "MB/s", "repair µs", "MB/s", "copy MB/s", "SHA-256 MB/s"],
  parity.map((one) => [
    one.name,
    microseconds(one.encode),
    megabytes(one.encode),
    microseconds(one.repair),
    megabytes(one.repair),
    megabytes(one.copy),
    megabytes(one.sha256),
  ]),
);

function microseconds({ median, min, max }: Measured): string {
  return spread({ median: median / 1000, min: min / 1000, max: max / 1000 });
}

const messages = measureCases(messageCases(), 15);
print(
  "Messages through the table codec, without trailer",
  ["message", "set", "bytes", "encode ns", "decode ns", "copy ns", "SHA-256 ns"],
  messages.map((one) => [
    one.name,
    one.messageSet,
    String(one.pduBytes),
    spread(one.encode),
    spread(one.decode),
    figure(one.copy.median),
    figure(one.sha256.median),
  ]),
);

const path = keep("codec", where, { unit: "ns, but cold: ms", cold, sections, checksums, parity, messages });
process.stdout.write(`\nAll samples: ${path}\n`);
