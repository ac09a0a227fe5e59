/** Planning without a browser: a text is edited, the model answers, mistakes have their places; a run begins, once. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type DashboardServer, serveDashboard } from "../../../web/dashboard/index.ts";
import type { PlanAnswer } from "../../../web/dashboard/plan-types.ts";
import { planAnswer } from "../../../web/dashboard/server/plan-answer.ts";
import { edited } from "../../../web/dashboard/server/plan-edits.ts";
import { freshFolder, useRoot } from "./fixture.ts";

useRoot();

const TEXT = "# Why.\nname: small\nonts: 8 # eight\nimage: { bytes: 200000 }\n";

const wayOf = ({ sizing }: PlanAnswer, name: string) => sizing!.ways.find((way) => way.name.startsWith(name))!;

describe("a scenario's text", () => {
  it("is changed field by field, with its comments", () => {
    expect(edited(TEXT, [{ path: ["onts"], value: 16 }])).toBe(TEXT.replace("8 #", "16 #"));
    expect(edited(TEXT, [{ path: ["olt", "catchUp", "when"], value: "never" }])).toBe(
      `${TEXT}olt:\n  catchUp:\n    when: never\n`,
    );
    expect(edited(TEXT, [{ path: ["fleet", 0], value: { count: 2 } }])).toBe(`${TEXT}fleet:\n  - count: 2\n`);
    expect(edited("", [{ path: ["name"], value: "new" }])).toBe("name: new\n");
  });

  it("loses a part of which nothing is left, and takes one where something else was", () => {
    const more = `${TEXT}olt:\n  catchUp:\n    when: never\n`;
    expect(edited(more, [{ path: ["olt", "catchUp", "when"] }])).toBe(TEXT);
    expect(edited(more, [{ path: ["olt", "nothing", "there"] }])).toBe(more);
    expect(edited("name: a\nolt: 3\n", [{ path: ["olt", "wave"], value: 4 }])).toBe("name: a\nolt:\n  wave: 4\n");
  });

  it("with mistakes of its own is left as it is", () => {
    expect(edited("name: [", [{ path: ["onts"], value: 16 }])).toBe("name: [");
    expect(planAnswer({ yaml: "name: [" })).toMatchObject({ sizing: null, errors: [{ path: "", line: 1 }] });
    expect(planAnswer({ yaml: "3" }).errors[0].text).toContain("a scenario is a list of fields");
  });
});

describe("the model's answer", () => {
  it("has every way, the scenario's own first, all ports together", () => {
    const answer = planAnswer({ yaml: `${TEXT}pons: 2\n`, hours: "23:30-01:00" });
    expect(answer.errors).toEqual([]);
    expect(answer.input).toMatchObject({ onts: 8, pons: 2 });
    const { ways, onts, hours } = answer.sizing!;
    expect([onts, hours]).toEqual([16, { startSeconds: 84_600, seconds: 5400 }]);
    expect(ways.map(({ name, isAsked }) => [name, isAsked])).toEqual([
      ["multicast, parity", true],
      ["multicast, selective", false],
      ["multicast, window", false],
      ["multicast, unicast repair", false],
      ["unicast", false],
      ["HTTPS, each its own copy", false],
      ["TR-069, each its own copy", false],
    ]);
    expect(ways[0].copies).toBeCloseTo(2, 1);
    expect(ways[0].spareSeconds).toBeCloseTo(5400 - ways[0].seconds);
    expect(wayOf(answer, "unicast").copies).toBeCloseTo(16, 1);
    expect(wayOf(answer, "HTTPS")).toMatchObject({ copies: 16, shareOfLine: null });
  });

  it("follows the road, the mode and the visits that the scenario says", () => {
    expect(wayOf(planAnswer({ yaml: `${TEXT}road: https\n` }), "HTTPS").isAsked).toBe(true);
    expect(wayOf(planAnswer({ yaml: `${TEXT}olt: { mode: unicast }\n` }), "unicast").isAsked).toBe(true);
    const visits = planAnswer({ yaml: `${TEXT}updateZip: { everySeconds: 60 }\n` });
    expect(wayOf(visits, "update.zip").reached![2]).toBeGreaterThan(7 * 60);
  });

  it("says what deltas save, when it is asked to make them", () => {
    const yaml = `${TEXT.replace("200000", "200000, deltas: [{ base: PONCAST-1.0.0, changed: 1% }]")}`;
    expect(planAnswer({ yaml }).sizing).toMatchObject({ hasPayloads: true, payloads: null });
    const { whole, parts, all } = planAnswer({ yaml, deltas: true }).sizing!.payloads!;
    expect(parts.map(({ name }) => name)).toEqual(["delta PONCAST-1.0.0"]);
    expect(all.downstreamBytes).toBeLessThan(whole.downstreamBytes / 5);
  });

  it("is none where there are mistakes: each has its field and its line", () => {
    const yaml = `${TEXT.replace("8 #", "129 #")}olt: { windowSections: 500 }\nfleet: [{ count: 0 }]\n`;
    const { sizing, errors } = planAnswer({ yaml });
    expect(sizing).toBeNull();
    expect(errors.map(({ path, line }) => [path, line])).toEqual([
      ["onts", 3],
      ["fleet.0.count", 6],
      ["olt.windowSections", 5],
    ]);
    expect(errors[0].text).toBe("129 is not allowed; 1 to 128 ONTs");
    const lossy = planAnswer({ yaml: `${TEXT}impairments: [{ kind: loss, chance: 0.9 }]\n` });
    expect([lossy.sizing, lossy.errors[0].path]).toEqual([null, "impairments"]);
    expect(planAnswer({ yaml: TEXT, hours: "2-5" })).toMatchObject({
      errors: [{ path: "hours" }],
      sizing: { hours: null },
    });
    expect(planAnswer({ yaml: `${TEXT}image: { file: /none, keyFile: /none }\n` }).sizing).toBeNull();
  });
});

let server: DashboardServer;
let folder: string;

/** A `poncast` that leaves what a run leaves, or says why it does not. */
const STAND_IN = `
const { mkdirSync, writeFileSync } = require("node:fs");
const words = process.argv.slice(1);
if (words[1].includes("refused")) { console.error("page: http://x/?token=secret\\nno such thing"); process.exit(2); }
const out = words[words.indexOf("--out") + 1];
mkdirSync(out);
writeFileSync(out + "/words.json", JSON.stringify(words));
for (const file of ["scenario.yaml", "journal.binpb"]) writeFileSync(out + "/" + file, "");
setInterval(() => {}, 1000);
process.on("SIGTERM", () => process.exit(0));
`;

async function serve(): Promise<void> {
  folder = freshFolder();
  mkdirSync(folder);
  const planning = { folder, command: [process.execPath, "-e", STAND_IN, "--"], presets: () => ({ small: TEXT }) };
  server = await serveDashboard({ host: "127.0.0.1", port: 0, planning });
}

const bearer = (): Record<string, string> => ({
  authorization: `Bearer ${server.token}`,
  "content-type": "application/json",
});
const post = async (path: string, body: object, headers = bearer()): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`http://${server.address}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};

describe("a plan", () => {
  afterEach(() => server.close());

  it("is for who has the token, from the page itself, and for nobody else", async () => {
    await serve();
    const cookie = `poncast-${server.address.split(":")[1]}=${server.token}`;
    const json = { "content-type": "application/json" };
    for (const path of ["/plan", "/runs", "/runs/x/rewind", "/runs/x/tags"]) {
      expect((await post(path, {}, json)).status, path).toBe(401);
      // A form of another page, in the browser's name.
      expect((await post(path, {}, { ...json, cookie })).status, path).toBe(403);
    }
    for (const path of ["/presets", "/schema", "/sweeps", "/runs/x/result"])
      expect((await fetch(`http://${server.address}${path}`)).status, path).toBe(401);
  });

  it("is answered by a thread; what is none is refused", async () => {
    await serve();
    const { body } = await post("/plan", { yaml: TEXT, edits: [{ path: ["onts"], value: 4 }] });
    expect(body).toMatchObject({ errors: [], sizing: { onts: 4 } });
    for (const wrong of [{}, { yaml: 3 }, { yaml: "", edits: [{ path: [] }] }, { yaml: "", edits: [{ path: [-1] }] }])
      expect((await post("/plan", wrong)).status).toBe(400);
    expect((await post("/plan", { yaml: "#".repeat(600_000) })).status).toBe(413);
  });

  it("begins once, however often it is sent, with its text beside it, and ends with the page", async () => {
    await serve();
    const asked = { id: "a", yaml: TEXT, as: "virtual", speed: 10, capture: true };
    const [first, again] = await Promise.all([post("/runs", asked), post("/runs", asked)]);
    expect(first).toEqual(again);
    const { run } = first.body as { run: string };
    expect(run).toMatch(/^\d{4}-.*-small$/);
    expect(readFileSync(join(folder, `${run}.yaml`), "utf8")).toBe(TEXT);
    const words = JSON.parse(readFileSync(join(folder, run, "words.json"), "utf8")) as string[];
    const path = join(folder, run);
    expect(words.join(" ")).toBe(
      `run ${path}.yaml --out ${path} --quiet --ui 127.0.0.1:0 --virtual --speed 10 --pcap ${path}.pcapng`,
    );
    for (const id of ["b", "c", "d"]) expect((await post("/runs", { ...asked, id })).status).toBe(200);
    expect((await post("/runs", { ...asked, id: "e" })).status).toBe(409);
    expect(readdirSync(folder).filter((name) => existsSync(join(folder, name, "words.json")))).toHaveLength(4);
  });

  it("is refused with what the run says, without its token", async () => {
    await serve();
    const refused = await post("/runs", { id: "a", yaml: TEXT.replace("small", "refused"), as: "processes" });
    expect(refused).toEqual({ status: 409, body: { error: "no such thing" } });
    expect((await post("/runs", { id: "b", yaml: "onts: 999", as: "processes" })).status).toBe(409);
    for (const wrong of [{ as: "olt" }, { speed: 0 }, { capture: 1 }, { id: "" }])
      expect((await post("/runs", { id: "c", yaml: TEXT, as: "virtual", ...wrong })).status).toBe(400);
    expect(readdirSync(folder).filter((name) => !name.endsWith(".yaml"))).toEqual([]);
  });
});
