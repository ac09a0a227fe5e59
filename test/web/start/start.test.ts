/** Whoever starts a run gets the whole folder. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { parseScenario } from "../../../scenarios/index.ts";
import { reportOf } from "../../../web/report/index.ts";
import { startRun } from "../../../web/start/index.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-start-"));
afterAll(() => removeFolder(root));

const scenario = parseScenario("{ name: started, onts: 2, image: { bytes: 20000 } }", "started.yaml");
const road = { kind: "virtual" } as const;
const FILES = ["journal.binpb", "result.json", "scenario.yaml"];

it("a run that no command starts leaves its report, the same that `report` makes of its folder", async () => {
  const out = join(root, "run");
  const seen: string[] = [];
  const sink = { name: "test", record: ({ from }: { from: string }): unknown => seen.push(from) };
  const { folder, report, exitCode, sinkFaults } = await startRun(scenario, { out, road, sinks: [sink] });
  expect({ folder, report, exitCode, sinkFaults }).toEqual({
    folder: out,
    report: join(out, "report.html"),
    exitCode: 0,
    sinkFaults: [],
  });
  expect(readdirSync(out).sort()).toEqual(["journal.binpb", "report.html", "result.json", "scenario.yaml"]);
  expect(readFileSync(join(out, "report.html"), "utf8")).toBe(await reportOf(out));
  expect(new Set(seen)).toEqual(new Set(["olt", "ont", "run"]));
});

it("leaves none where none is wanted", async () => {
  const out = join(root, "bare");
  expect((await startRun(scenario, { out, road, report: false })).report).toBeUndefined();
  expect(readdirSync(out).sort()).toEqual(FILES);
});

it("ends well where its report cannot be written, and says so", async () => {
  const out = join(root, "blocked");
  mkdirSync(join(out, "report.html", "in the way"), { recursive: true });
  await expect(startRun(scenario, { out, road })).rejects.toThrow("--overwrite");
  const onView = (): void => void mkdirSync(join(root, "late", "report.html"), { recursive: true });
  const late = await startRun(scenario, { out: join(root, "late"), road, onView });
  expect(late).toMatchObject({ exitCode: 0, report: undefined });
  expect(late.sinkFaults).toEqual([expect.stringMatching(/^report\.html: EISDIR/)]);
});
