/** `poncast conform cpe` and `conform acs`: what they list, refuse, print and write. */
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { commandHere } from "../../support/command.ts";
import { removeFolder } from "../../support/folder.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "poncast-conform-"))));
afterEach(() => removeFolder(folder));

const conform = (words: string) => commandHere(["conform", ...words.split(" ")], folder);

it("list their cases", async () => {
  const { code, out } = await conform("cpe --list --only download.*");
  expect([code, out]).toEqual([0, expect.stringMatching(/^download\.answer +Download is answered 0 or 1/)]);
  expect((await conform("acs --list --only inform.boot")).out).toMatch(/^inform\.boot {2}A CPE that comes/);
});

it.each([
  ["cpe --self http://192.0.2.1/", "http://192.0.2.1/: either an address or --self"],
  ["cpe --self --quirk nobody", "--quirk: nobody is not allowed; reference, forgets-command-key"],
  ["cpe --quirk hammers", "--quirk goes with --self only"],
  ["cpe --self --only nothing.*", "nothing.*: no case has such an id; --list shows them"],
  ["cpe --self --restart-command true", "--restart-command: not with --self"],
  ["cpe --username cpe", "--username and --password belong together"],
  ["cpe --image-version 2", "--image-version goes with --image"],
  ["cpe --image nowhere.img", "--image: nowhere.img: no such file"],
  ["cpe --timeout-scale 0", "--timeout-scale: 0 is not allowed; 0.001 to 1000"],
  ["cpe nowhere", "nowhere: a ConnectionRequestURL is needed"],
  ["cpe --origin http://x/acs", "--origin: http://x/acs is not allowed"],
  ["acs", "where devices go is needed"],
  ["acs ftp://x/", "ftp://x/: a URL of HTTP is needed"],
  ["acs http://127.0.0.1:1/ --oui 12", "--oui: 12 is not allowed"],
])("%s is refused", async (words, line) => {
  const { code, err } = await conform(words);
  expect([code, err]).toEqual([2, expect.stringContaining(line)]);
  expect(err.trim().split("\n").length).toBe(1);
});

it("tell a failure by exchange and clause, and write reports and archives", async () => {
  const { code, out } = await conform(
    "cpe --self --quirk forgets-cookies --only session.cookies session.form --har sessions --json r.json --junit r.xml --tap r.tap",
  );
  expect(code).toBe(1);
  expect(out).toMatch(
    /^FAIL {2}session\.cookies .*\n {6}step 1, exchange 9 of session\.cookies\.har: no cookie session=poncast-1 \[TR-069 3\.4\.2\]$/m,
  );
  expect(out).toContain("2 cases: 1 passed, 1 failed");
  const report = JSON.parse(readFileSync(join(folder, "r.json"), "utf8")) as { device: string; counts: object };
  expect(report).toMatchObject({ device: "cpe", counts: { pass: 1, fail: 1 } });
  expect(readFileSync(join(folder, "r.xml"), "utf8")).toContain("poncast conform cpe self (forgets-cookies)");
  expect(readFileSync(join(folder, "r.tap"), "utf8")).toContain("  exchange: 9");
  for (const id of ["session.cookies", "session.form"])
    expect(existsSync(join(folder, "sessions", `${id}.har`))).toBe(true);
});

it("says that there is no ACS", async () => {
  const { code, out } = await conform("acs http://127.0.0.1:1/acs --only inform.http inform.boot");
  expect(code).toBe(1);
  expect(out).toContain("the ACS does not answer: connect ECONNREFUSED 127.0.0.1:1");
  expect(out).toContain("2 cases: 0 passed, 0 failed, 2 skipped");
});
