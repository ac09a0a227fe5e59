/** The command that repeats a run, as it stands in journal and report: the same wherever the run was written and watched from. */
import type { Command } from "commander";

/** Where a run goes, who looks on, on how many threads, and on which hosts; what it does is the same without. A key is written down nowhere. */
const PLACES = new Set([
  "--out",
  "--overwrite",
  "--json",
  "--pcap",
  "--metrics",
  "--control",
  "--quiet",
  "--no-report",
  "--keep-state",
  "--threads",
  "--join-port",
  "--joined",
  "--pon-key",
]);

const quoted = (word: string): string => (/^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/**
 * The words of this process without those of places, as a shell takes them.
 *
 * @param command it was called by them
 * @param name the scenario, added where it was not said
 */
export function replayOf(command: Command, name: string | undefined): string {
  const [called = command.name(), ...words] = process.argv.slice(2);
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [flag = ""] = words[at].split("=", 1);
    const option = command.options.find((each) => each.long === flag || each.short === flag);
    if (option?.long === undefined || !PLACES.has(option.long)) kept.push(words[at]);
    else if (option.required && !words[at].includes("=")) at++;
  }
  const said = name === undefined || kept.includes(name) ? kept : [name, ...kept];
  return ["poncast", called, ...said].map(quoted).join(" ");
}
