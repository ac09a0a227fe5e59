/** Our OLT and our tester over a real gRPC connection to an OpenOLT server, which restarts, refuses and dies. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { catalogue } from "../../../conform/core/catalogue/index.ts";
import { runCases } from "../../../conform/core/runner.ts";
import { selectCases } from "../../../conform/core/select.ts";
import { selfImages } from "../../../conform/targets/self.ts";
import { targetOf } from "../../../conform/targets/parse.ts";
import { runOpenOlt } from "../../../run/foreign/runner.ts";
import type { RunOptions, RunOutcome, RunSink } from "../../../run/types.ts";
import type { RunResult } from "../../../run/result/index.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import { commandHere, commandIn } from "../../support/command.ts";
import { expectOneStream } from "./one-stream.ts";
import { OpenOltServer, type ServedFleet } from "./server.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-openolt-"));
afterAll(() => removeFolder(root));
const images = selfImages();
const bundle = join(root, "fw.bundle");
writeFileSync(bundle, images.image.bytes);

let server: OpenOltServer | undefined;
afterEach(() => server?.close());
const serve = async (fleet: Omit<ServedFleet, "images" | "speed">): Promise<OpenOltServer> =>
  (server = await OpenOltServer.start({ speed: 20, images, ...fleet }));

const NOT_UP = "activated, but the server does not say that it is up";

let folders = 0;
const nextFolder = (): string => join(root, `run-${folders++}`);

/** Runs in this process. */
function distribute(port: number, fields: string, options: RunOptions = {}): Promise<RunOutcome> {
  const scenario = parseScenario(`name: openolt\nimage: { file: ${bundle} }\n${fields}`, "test", []);
  return runOpenOlt(scenario, `127.0.0.1:${port}`, { out: nextFolder(), ...options });
}

const fieldsFor = (onts: number, olt = ""): string =>
  `onts: ${onts}\nolt: { mode: unicast, messageSet: extended, windowSections: 32, soakMs: 10, concurrency: 16${olt} }\n`;

const poncast = commandIn(root);

describe("ONUs behind an OpenOLT server", () => {
  it("are tested like any other ONT", async () => {
    const { port, calls } = await serve({ onts: 2 });
    const target = targetOf(`openolt://127.0.0.1:${port}/PCST00000002`, { timeScale: 1, sectionGapNs: 0 });
    const cases = selectCases(catalogue, {
      only: ["window.within-proposal", "window.one", "window.shorter"],
      skip: [],
      messageSet: "baseline",
    });
    const reports = await runCases(cases, { target, messageSet: "baseline", image: images.image });
    expect(reports.length).toBeGreaterThan(2);
    expect(reports.filter(({ verdict }) => verdict === "fail").map(({ id, fault }) => [id, fault?.text])).toEqual([]);
    expect(reports.filter(({ verdict }) => verdict === "pass").length).toBeGreaterThan(2);
    expect(calls).toMatchObject({ activate: 1, notHex: 0 });
  });

  it("are activated again when they restart within a case", async () => {
    const { port, calls } = await serve({ onts: 1, tellsDown: false });
    const target = targetOf(`openolt://127.0.0.1:${port}/pcst00000001`, { timeScale: 1, sectionGapNs: 0 });
    const cases = selectCases(catalogue, { only: ["activate.stored"], skip: [], messageSet: "baseline" });
    const reports = await runCases(cases, { target, messageSet: "baseline", image: images.image });
    expect(reports.map(({ verdict, fault, cause }) => [verdict, fault?.text ?? cause])).toEqual([["pass", undefined]]);
    expect(calls.activate).toBe(2);
  });

  it("get their image from our OLT alone", async () => {
    const onts = 3;
    const { port, calls } = await serve({ onts });
    const scenario = join(root, "store.yaml");
    writeFileSync(scenario, "olt: { activate: false, messageSet: baseline, windowSections: 32 }\n");
    const words = ["olt", scenario, "--image", bundle, "--onts", String(onts), "--json", "--quiet"];
    const { code, out, err } = await poncast([...words, "--target", `openolt://127.0.0.1:${port}`]);
    expect(err).toBe("");
    const { onts: status } = JSON.parse(out) as { onts: { phase: string; cause: string }[] };
    expect(status).toHaveLength(onts);
    expect(status.filter(({ phase }) => phase !== "stored")).toEqual([]);
    expect(code).toBe(0);
    expect(calls.notHex).toBe(0);
  });

  it("restart, are activated again, and end committed or rolled back; a run folder tells", async () => {
    // Number 2 has an image that hangs: its watchdog brings the old one back.
    const { port, calls } = await serve({ onts: 4, bootOf: (index) => ({ kind: index === 2 ? "hangs" : "boots" }) });
    const [out, pcap] = [nextFolder(), join(root, "run.pcapng")];
    const target = `openolt://127.0.0.1:${port}`;
    const words = ["run", "--target", target, "--onts", "4", "--image", bundle, "--out", out, "--quiet"];
    const ran = await commandHere([...words, "--pcap", pcap], root);
    const result = JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as RunResult;
    const outcomes = result.ontResults.map(({ serial, outcome, version }) => [serial, outcome, version]);
    expect(outcomes).toEqual([
      ["PCST00000001", "committed", "PONCAST-2.0.0"],
      ["PCST00000002", "committed", "PONCAST-2.0.0"],
      ["PCST00000003", "rolledBack", "PONCAST-1.0.0"],
      ["PCST00000004", "committed", "PONCAST-2.0.0"],
    ]);
    expect(ran.err).toContain("ONT 2: rolledBack, expected committed");
    expect(ran.code).toBe(1);
    expect(calls.activate).toBeGreaterThanOrEqual(8);
    expect(result.onts).toEqual({ total: 4, committed: 3, rolledBack: 1, failed: 0 });
    expect(existsSync(join(out, "report.html"))).toBe(true);
    expect(existsSync(join(out, "journal.binpb"))).toBe(true);

    const extracted = join(root, "extracted.bin");
    expect(await commandHere(["decode", pcap, "--extract", extracted, "--onu", "2", "--warnings"])).toMatchObject({
      code: 0,
    });
    expect(Buffer.compare(readFileSync(extracted), Buffer.from(images.image.bytes))).toBe(0);
  });

  it("are given back to the server, so that the next run finds them", async () => {
    const { port, calls } = await serve({ onts: 2 });
    for (const times of [1, 2]) {
      const { result, reasons } = await distribute(port, fieldsFor(2, ", activate: false"));
      expect(reasons.filter((reason) => !reason.includes("expected committed"))).toEqual([]);
      expect(result.onts.total).toBe(2);
      expect(calls).toMatchObject({ activate: 2 * times, delete: 2 * times });
    }
    const target = targetOf(`openolt://127.0.0.1:${port}`, { timeScale: 1, sectionGapNs: 0 });
    for (const each of [await target.open(), await target.open()]) await each.close();
    expect(calls.delete).toBe(6);
  });

  it.each(["refusesText", "losesText"] as const)("of a server that %s are sent bytes", async (takesRaw) => {
    const { port, calls } = await serve({ onts: 2, takesRaw });
    const { reasons, exitCode } = await distribute(port, fieldsFor(2));
    expect(reasons).toEqual([]);
    expect(exitCode).toBe(0);
    expect(calls.notHex).toBeGreaterThan(10);
  });

  it("32 of them on 4 interfaces share one stream", () => expectOneStream(32, 4));

  it("one that does not come up, and one that is refused, hold nobody up", async () => {
    const { port } = await serve({ onts: 3, dead: [1], refused: [2] });
    const { result, reasons, exitCode } = await distribute(
      port,
      fieldsFor(4, ", rangingPatienceMs: 300, returnWaitMs: 2000"),
    );
    expect(result.ontResults.map(({ outcome, cause }) => [outcome, cause])).toEqual([
      ["committed", ""],
      ["failed", `the OLT never saw it: ${NOT_UP}`],
      ["failed", "the OLT never saw it: ActivateOnu: no such ONU"],
    ]);
    expect(reasons).toEqual([
      "1 of 4 ONUs: the server never announced them",
      `ONT 1: failed, expected committed: the OLT never saw it: ${NOT_UP}`,
      "ONT 2: failed, expected committed: the OLT never saw it: ActivateOnu: no such ONU",
    ]);
    expect(exitCode).toBe(1);
  });

  it("that hear Ctrl-C in the middle leave what is known", async () => {
    const { port } = await serve({ onts: 2 });
    const interrupt = new AbortController();
    const record: RunSink["record"] = ({ event }) => {
      if (event.type === "windowDone") interrupt.abort();
    };
    const ran = await distribute(port, fieldsFor(2), { signal: interrupt.signal, sinks: [{ name: "test", record }] });
    expect(ran.endReason).toBe("interrupted");
    expect(ran.exitCode).toBe(1);
    expect(ran.result.ontResults.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
    expect(existsSync(join(ran.folder, "result.json"))).toBe(true);
  });
});

describe("an OpenOLT server", () => {
  it("that is not there is told in one line", async () => {
    const words = ["--image", bundle, "--target", "openolt://127.0.0.1:1", "--quiet"];
    const both = await Promise.all([poncast(["olt", ...words]), poncast(["run", ...words])]);
    const err = "openolt://127.0.0.1:1: no OpenOLT server answers within 5 s";
    for (const ran of both) expect(ran).toMatchObject({ code: 2, err });
    expect(existsSync(join(root, "runs"))).toBe(false);
  });

  it("that knows no indications is told in one line", async () => {
    const { port } = await serve({ onts: 1, without: ["enableIndication"] });
    const { reasons, endReason } = await distribute(port, fieldsFor(1));
    expect(endReason).toBe("failed");
    expect(reasons[0]).toMatch(/^EnableIndication: .*not implement/);
    const target = targetOf(`openolt://127.0.0.1:${port}`, { timeScale: 0.1, sectionGapNs: 0 });
    await expect(target.open()).rejects.toThrow("EnableIndication: ");
  });

  it.each([
    ["activateOnu", "ActivateOnu"],
    ["omciMsgOut", "OmciMsgOut"],
  ] as const)("that does not know %s ends the run at once", async (method, name) => {
    const { port } = await serve({ onts: 1, without: [method] });
    const { reasons, endReason, exitCode } = await distribute(port, fieldsFor(1));
    expect([endReason, exitCode]).toEqual(["failed", 1]);
    expect(reasons[0]).toMatch(new RegExp(`^${name}: .*not implement`));
  });

  it("that does not know a command is told before any case is run", async () => {
    const { port } = await serve({ onts: 1, without: ["activateOnu"] });
    const target = targetOf(`openolt://127.0.0.1:${port}`, { timeScale: 0.1, sectionGapNs: 0 });
    await expect(target.open()).rejects.toThrow("ActivateOnu: ");
    server?.close();

    const deaf = await serve({ onts: 1, without: ["omciMsgOut"] });
    const deafTarget = targetOf(`openolt://127.0.0.1:${deaf.port}`, { timeScale: 0.01, sectionGapNs: 0 });
    await expect(deafTarget.open()).rejects.toThrow("OmciMsgOut: ");
  });

  it("that leaves out a serial number, or says twice that an ONU is up, disturbs nothing", async () => {
    const { port, calls } = await serve({ onts: 2, saysUpTwice: true, announcesNobody: true });
    const { reasons, exitCode } = await distribute(port, fieldsFor(2));
    expect(reasons).toEqual([]);
    expect(exitCode).toBe(0);
    expect(calls.activate).toBe(4);
  });

  it("that dies midway ends the run with what is known", async () => {
    const { port } = await serve({ onts: 2, dieAfterFrames: 20 });
    const { result, reasons, exitCode, endReason } = await distribute(port, fieldsFor(2));
    expect(endReason).toBe("failed");
    expect(exitCode).toBe(1);
    expect(reasons[0]).toMatch(/EnableIndication: |the server ended/);
    expect(result.ontResults).toHaveLength(2);
    for (const { outcome, cause } of result.ontResults) {
      expect(outcome).toBe("failed");
      expect(cause).toMatch(/^unfinished while \w+: /);
    }
  });

  it("that dies between two cases ends a test, and the cases behind it are skipped", async () => {
    // An answer has so long that a busy machine is no silence; the one silence there is costs the test its few seconds.
    const { port } = await serve({ onts: 1, dieAfterFrames: 30 });
    const target = targetOf(`openolt://127.0.0.1:${port}`, { timeScale: 0.3, sectionGapNs: 0 });
    const cases = selectCases(catalogue, { only: ["me.*"], skip: [], messageSet: "baseline" });
    const reports = await runCases(cases, { target, messageSet: "baseline", image: images.image });
    expect(reports).toHaveLength(cases.length);
    const verdicts = reports.map(({ verdict }) => verdict);
    // Answers until then, silence, and then nothing is tried any more.
    expect(verdicts.filter((verdict, index) => verdict !== verdicts[index - 1])).toEqual(["pass", "died", "skip"]);
    expect(reports.at(-1)?.cause).toMatch(/EnableIndication: |the server ended/);
  });

  it("that takes no frames for two ONUs any more holds up no others", async () => {
    const { port, calls } = await serve({ onts: 4, hangs: [0, 1] });
    const interrupt = new AbortController();
    const { result } = await distribute(port, fieldsFor(4), {
      signal: interrupt.signal,
      onView: ({ olt }) => {
        if (olt?.onts.filter(({ phase }) => phase === "committed").length === 2) interrupt.abort();
      },
    });
    const committed = result.ontResults.filter(({ outcome }) => outcome === "committed");
    expect(committed.map(({ id }) => id)).toEqual([2, 3]);
    // Of each of the two one call is still under way: nothing had to be given up before the others were done.
    expect(calls.hung).toBe(2);
  });

  it("that has no ONUs is not waited for without end", async () => {
    const { port } = await serve({ onts: 0 });
    const { reasons, endReason } = await distribute(port, fieldsFor(1, ", rangingPatienceMs: 200"));
    expect(endReason).toBe("timeLimit");
    expect(reasons).toContain("no ONU came up within 0.2 s");
  });
});
