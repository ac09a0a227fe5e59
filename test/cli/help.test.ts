/** Help, manual page and examples: made from the commands as they are, and each example is a call that the command takes. */
import { describe, expect, it } from "vitest";
import { EXAMPLES } from "../../cli/examples.ts";
import { allCommands, type NamedCommand, program } from "../../cli/program.ts";
import { manPage } from "../../docs/man-page.ts";
import { read } from "../hygiene/files.ts";
import { commandHere } from "../support/command.ts";

const commands = allCommands(await program());
/** Words as a shell would split them, up to where their output goes. */
const wordsOf = (call: string): string[] => {
  const [command = ""] = call.split(" > ");
  return command.split(" ").map((word) => word.replaceAll("'", ""));
};

describe("examples", () => {
  it("are there for every command but those that only hold others", () => {
    const without = commands.filter(({ command, words }) => {
      const onlyHolds = command.commands.length > 0 && command.registeredArguments.length === 0 && words !== "";
      return !onlyHolds && (EXAMPLES[words] ?? []).length === 0;
    });
    expect(without.map(({ words }) => words)).toEqual([]);
  });

  it("are of commands that there are", () => {
    const known = commands.map(({ words }) => words);
    expect(Object.keys(EXAMPLES).filter((words) => !known.includes(words))).toEqual([]);
  });

  const calls = Object.values(EXAMPLES).flat();
  it.each(calls.map(([call]) => call))("%s", (call) => {
    const [name, ...words] = wordsOf(call);
    expect(name).toBe("poncast");
    const called = commands.findLast(({ words: own }) => own !== "" && words.join(" ").startsWith(own));
    const own = called?.words.split(" ").length ?? 0;
    expect(called?.command.parseOptions(words.slice(own)).unknown).toEqual([]);
  });
});

describe("help", () => {
  it.each(["run", "conform ont", "sweep merge"])("of %s ends with examples and exit codes", async (words) => {
    const { code, out } = await commandHere([...words.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`Examples:\n  poncast ${words}`);
    expect(out).toMatch(/Exit codes:\n  0    \w.*\n  1    \w/);
  });
});

describe("the program for some words", () => {
  const [{ command: poncast }] = commands as [NamedCommand];

  it.each(poncast.commands.map((command) => command.name()).filter((name) => !name.startsWith("comple")))(
    "has %s alone, as it is among all",
    async (name) => {
      const { commands: loaded } = await program([name, "--help"]);
      expect(loaded.map((command) => command.name())).toEqual([name]);
      expect(loaded[0]!.helpInformation()).toBe(
        poncast.commands.find((command) => command.name() === name)!.helpInformation(),
      );
    },
  );

  it("has none for the version, and all for a word that is no command's", async () => {
    expect((await program(["--version"])).commands).toEqual([]);
    for (const word of ["constructor", "help", "rnu", "complete"])
      expect((await program([word])).commands.length).toBe(poncast.commands.length);
  });
});

describe("docs/poncast.1", () => {
  it("is what `npm run docs` makes", async () => {
    expect(await manPage()).toBe(read("docs/poncast.1"));
  });

  it("has every command and every option", () => {
    const page = read("docs/poncast.1").replaceAll(String.raw`\-`, "-");
    for (const { command } of commands) for (const { flags } of command.options) expect(page).toContain(flags);
  });
});

describe("completion", () => {
  it("refuses a shell that it does not know, in one line", async () => {
    const { code, err } = await commandHere(["completion", "tcsh"]);
    expect(code).toBe(2);
    expect(err.trim()).toMatch(/^command-argument value 'tcsh' is invalid.*zsh, bash, fish, powershell\.$/);
  });
});
