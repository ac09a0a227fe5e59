/** The command that repeats a run: without the places it was written to. */
import { Command } from "commander";
import { afterEach, describe, expect, it } from "vitest";
import { runCommand } from "../../cli/commands/run.ts";
import { replayOf } from "../../cli/replay.ts";

const argv = process.argv;
const command = new Command();
runCommand(command);
afterEach(() => (process.argv = argv));

function replay(words: string, name = "default"): string {
  process.argv = ["node", "poncast", ...words.split(" ")];
  const [run] = command.commands;
  return replayOf(run, name);
}

describe("replayOf", () => {
  it.each([
    ["run", "poncast run default"],
    ["run default --out a --seed 2", "poncast run default --seed 2"],
    ["run --out=a/b --overwrite --loss 0.1 --quiet --json", "poncast run default --loss 0.1"],
    ["run --pcap a.pcapng --virtual --no-report --metrics :0 --control 127.0.0.1:0", "poncast run default --virtual"],
    ["run --pons 2 --join-port 7000 --pon-key 00aa --joined=1 --onts 4", "poncast run default --pons 2 --onts 4"],
    ["run --force --keep-state --image it's.bin", "poncast run default --force --image 'it'\\''s.bin'"],
  ])("%s", (words, expected) => {
    expect(replay(words)).toBe(expected);
  });
});
