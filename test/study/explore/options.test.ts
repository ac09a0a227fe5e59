/** Options and paths of `npm run explore`. */
import { describe, expect, it } from "vitest";
import { ACTIONS, actionNumber, actionOf, pathOf, pathText } from "../../../study/explore/actions.ts";
import { parseExploreOptions } from "../../../study/explore/options.ts";

describe("options", () => {
  it("has a default for each", () => {
    expect(parseExploreOptions([])).toMatchObject({ kind: "search", mode: "multicast", onts: 2, faults: 3 });
  });

  it("takes a value behind a blank or an equals sign", () => {
    const options = parseExploreOptions(["--mode", "unicast", "--faults=1", "--message-set", "baseline", "--ends"]);
    expect(options).toMatchObject({ mode: "unicast", faults: 1, messageSet: "baseline", showsEnds: true });
  });

  it.each([
    [["--fault", "1"], /^--fault: no such option; there are: --mode, /],
    [["--faults", "many"], /^--faults: many is not allowed; a whole number from 0 to 9$/],
    [["--faults"], /^--faults: nothing is not allowed; a whole number from 0 to 9$/],
    [["--onts", "5"], /^--onts: 5 is not allowed; a whole number from 1 to 4$/],
    [["--mode", "broadcast"], /^--mode: broadcast is not allowed; multicast, unicast$/],
    [["--mode", "unicast", "--mode", "unicast"], /^--mode: given twice$/],
    [["--ends=1"], /^--ends: takes no value$/],
    [["--replay"], /^--replay: nothing is not allowed; a path$/],
    [["--replay", "t0,x1"], /^--replay: "x1" is no step; a path is what a search has printed$/],
    [["--replay", "t0", "--faults", "1"], /^--faults: does not go with --replay$/],
  ])("refuses %j in one line", (args, message) => {
    expect(() => parseExploreOptions(args)).toThrow(message);
  });
});

describe("a path", () => {
  it("is a text and back", () => {
    const path = ACTIONS.map(({ name }, index) =>
      name === "timerOlt" ? actionNumber(name, 0) : actionNumber(name, index % 4, name.startsWith("late") ? 3 : 0),
    );
    expect(pathOf(pathText(path))).toEqual({ path });
    expect(path.map((number) => actionOf(number).name)).toEqual(ACTIONS.map(({ name }) => name));
  });
});
