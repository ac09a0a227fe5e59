/** Profiles: those that come along are right, and what is wrong with one is told in one line. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../base/errors/index.ts";
import { findProfile, profileNames, readProfile } from "../../../headend/recover/index.ts";
import { removeFolder } from "../../support/folder.ts";

const GOOD = "name: mine\nspeaks: commands\ntransports: [fastboot]\ncommands: { flash: 'flash:{partition}' }\n";
const problem = (content: string): string => {
  try {
    readProfile("p.yaml", content);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return "";
};

describe("profiles of devices", () => {
  it("that come along can all be read", () => {
    expect(profileNames()).toEqual(["fastboot", "poncast-ont", "tftp-server", "ymodem-receiver"]);
    for (const name of profileNames()) expect(findProfile(name).name).toBe(name);
  });

  it("say what is left out", () => {
    expect(readProfile("p.yaml", GOOD)).toMatchObject({
      about: "mine",
      slots: [],
      readsBack: false,
      bootSeconds: 120,
      variables: {},
    });
  });

  it.each([
    ["nothing", "", "p.yaml: has to be fields, such as `name: my-device`"],
    ["no YAML", "name: [", /^p\.yaml: no YAML: [^\n]+$/],
    ["a field that is none", `${GOOD}slot: a\n`, /^p\.yaml: slot: no such field; name, about, [^\n]+$/],
    ["another word", GOOD.replace("commands\n", "words\n"), "p.yaml: speaks: has to be commands or files"],
    [
      "another road",
      GOOD.replace("[fastboot]", "[usb]"),
      "p.yaml: transports[0]: has to be fastboot or tftp or ymodem",
    ],
    ["no road", GOOD.replace("[fastboot]", "[]"), "p.yaml: transports: has to name one of fastboot, tftp, ymodem"],
    [
      "no way to send",
      GOOD.replace("flash: 'flash:{partition}'", "reboot: reboot"),
      "p.yaml: commands: needs flash, or begin, write and end",
    ],
    [
      "a place that is none",
      GOOD.replace("{partition}", "{file}"),
      /^p\.yaml: commands\.flash: has a place that is none; /,
    ],
    ["nothing that reads back", `${GOOD}readsBack: true\n`, "p.yaml: commands.read: is missing, and readsBack is true"],
    ["a number that is none", `${GOOD}bootSeconds: soon\n`, "p.yaml: bootSeconds: has to be a whole number, 1 to 3600"],
    [
      "files by fastboot",
      "name: x\nspeaks: files\ntransports: [fastboot]\n",
      "p.yaml: transports: fastboot sends no files: speaks has to be commands",
    ],
    [
      "a command of more than a line",
      `${GOOD.replace("commands: { flash: 'flash:{partition}' }", 'commands: { flash: "a\rb" }')}`,
      /^p\.yaml: commands\.flash: has to be a text/,
    ],
  ])("with %s are refused in one line", (_what, content, words) => {
    const line = problem(content);
    expect(line).not.toContain("\n");
    if (typeof words === "string") expect(line).toBe(words);
    else expect(line).toMatch(words);
  });

  it("are read from files, and names that are none are told with those that are", () => {
    const folder = mkdtempSync(join(tmpdir(), "profile-"));
    const path = join(folder, "mine.yaml");
    writeFileSync(path, GOOD);
    expect(findProfile(path).name).toBe("mine");
    writeFileSync(path, " ".repeat(70_000));
    expect(() => findProfile(path)).toThrow(/longer than 65536 bytes/);
    removeFolder(folder);
    expect(() => findProfile("router")).toThrow(
      /^router: no such profile; fastboot, poncast-ont, tftp-server, ymodem-receiver, or a file$/,
    );
  });

  it("of any text end in a profile or a line", () => {
    const words = fc.array(
      fc.oneof(
        fc.constantFrom(...GOOD.split(/(?<=\n)/), "&a [*a]\n", "? x\n", "commands: 7\n", "slots: {a: b}\n"),
        fc.string({ maxLength: 20 }),
      ),
    );
    fc.assert(
      fc.property(words, (all) => {
        expect(problem(all.join("")).split("\n")).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});
