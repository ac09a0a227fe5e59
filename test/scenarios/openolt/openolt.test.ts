import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { catalogue } from "../../../scenarios/conform/core/catalogue/index.ts";
import { runCases } from "../../../scenarios/conform/core/runner.ts";
import { selectCases } from "../../../scenarios/conform/core/select.ts";
import { selfImages } from "../../../scenarios/conform/process/self.ts";
import { targetOf } from "../../../scenarios/conform/process/targets.ts";
import { OpenOltServer } from "./server.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-openolt-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const images = selfImages();
let server: OpenOltServer | undefined;
afterEach(() => server?.close());

describe("ONUs behind an OpenOLT server", () => {
  it("are tested like any other ONT", async () => {
    server = await OpenOltServer.start(2, images, 20);
    const target = targetOf(`openolt://127.0.0.1:${server.port}/PCST00000002`, { timeScale: 0.1, sectionGapNs: 0 });
    const cases = selectCases(catalogue, { only: ["window.*"], skip: [], messageSet: "baseline" });
    const reports = await runCases(cases, { target, messageSet: "baseline", image: images.image });
    expect(reports.length).toBeGreaterThan(2);
    expect(reports.filter(({ verdict }) => verdict === "fail").map(({ id, fault }) => [id, fault?.text])).toEqual([]);
    expect(reports.filter(({ verdict }) => verdict === "pass").length).toBeGreaterThan(2);
    expect(server.calls).toMatchObject({ activate: 1, notHex: 0 });
  });

  it("get their image from our OLT, all over one stream", async () => {
    const onts = 32;
    server = await OpenOltServer.start(onts, images, 5);
    const bundle = join(root, "fw.bundle");
    writeFileSync(bundle, images.image.bytes);
    // Up to the stored image: the server does not announce ONUs that restart.
    const scenario = join(root, "store.yaml");
    writeFileSync(scenario, "olt: { activate: false, messageSet: baseline, windowSections: 32 }\n");
    const words = ["olt", scenario, "--image", bundle, "--onts", String(onts)];
    const more = ["--target", `openolt://127.0.0.1:${server.port}`, "--json", "--quiet"];
    const child = spawn(process.execPath, [resolve("cli/poncast.mjs"), ...words, ...more]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
    const code = await new Promise((done) => child.on("close", done));
    expect(err).toBe("");
    const { onts: status } = JSON.parse(out) as { onts: { phase: string; cause: string }[] };
    expect(status).toHaveLength(onts);
    expect(status.filter(({ phase }) => phase !== "stored")).toEqual([]);
    expect(code).toBe(0);
    expect(server.calls.notHex).toBe(0);
  });

  it("a server that is not there is told in one line", async () => {
    const bundle = join(root, "fw.bundle");
    writeFileSync(bundle, images.image.bytes);
    const words = ["olt", "--image", bundle, "--target", "openolt://127.0.0.1:1", "--quiet"];
    const child = spawn(process.execPath, [resolve("cli/poncast.mjs"), ...words]);
    let err = "";
    child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
    expect(await new Promise((done) => child.on("close", done))).toBe(2);
    expect(err.trim()).toBe("openolt://127.0.0.1:1: no OpenOLT server answers within 5 s");
  });
});
