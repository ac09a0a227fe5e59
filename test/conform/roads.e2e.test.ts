/** Cases over each road of a bench; and roads that lead nowhere, or end in the middle. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { type CaseReport, runCases, selectCases } from "../../conform/core/index.ts";
import { targetOf } from "../../conform/targets/index.ts";
import { roadOf, type RoadHandlers } from "../../pon/bench/index.ts";
import { commandHere } from "../support/command.ts";
import { freePort, hasSocat, overEachRoad } from "./each-road.ts";
import { ptyPair } from "./ptys.ts";
import { BASELINE_PDU_BYTES, encodeMessage, SOFTWARE_IMAGE } from "../../omci/index.ts";
import { slipEncode } from "../../pon/bench/slip.ts";
import { removeFolder } from "../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-roads-"));
afterAll(() => removeFolder(folder));
const inFolder = (name: string): string => join(folder, name);
/** Two seconds on a machine that has nothing else to do, and far more on one that has; without them it would be minutes. */
const AT_ONCE_MS = 60_000;

const nobody: RoadHandlers = { onFrame: () => undefined, onEnd: () => undefined, onDropped: () => undefined };

const options = { timeScale: 1, sectionGapNs: 0 };

/** Some of each kind; all are in roads.long.test.ts. */
overEachRoad("some cases", ["me.*", "loss.*", "end.*", "trial.*", "extended.*"]);

describe("TR-451 vOMCI, both roles ours", () => {
  it("tells that the pOLT has no such ONU", async () => {
    const road = `vomci://127.0.0.1:${await freePort()}`;
    const dropped: string[] = [];
    const far = await roadOf(road)!.open("ont", nobody);
    const near = await roadOf(`${road}/olt-1/CT_2/1`)!.open("olt", {
      ...nobody,
      onDropped: (cause) => dropped.push(cause),
    });
    near.send(new Uint8Array(44));
    await expect.poll(() => dropped).toEqual(["no route to the ONU: olt-1/CT_2/1"]);
    near.close();
    far.close();
  });
});

describe("a road that ends", () => {
  const isOver = async (target: string, only: string[]): Promise<CaseReport[]> =>
    runCases(selectCases(catalogue, { only, skip: [], messageSet: "baseline" }), {
      target: targetOf(target, options),
      messageSet: "baseline",
      image: undefined,
    });

  it("with its program: that case fails, the others are skipped, and nothing is waited for", async () => {
    const startMs = performance.now();
    const reports = await isOver("exec:sh -c 'head -c 20 >/dev/null; echo no flash >&2; exit 3'", ["me.*"]);
    expect(performance.now() - startMs).toBeLessThan(AT_ONCE_MS);
    const cause = expect.stringMatching(/died in .*: exec:.*: the program has ended \(exit code 3\): no flash/);
    expect(reports[0]).toMatchObject({ verdict: "died", cause });
    for (const report of reports.slice(1)) expect(report).toMatchObject({ verdict: "skip", cause });
  });

  it.skipIf(!hasSocat)("with its line (needs socat)", async () => {
    const pair = await ptyPair(inFolder("c"), inFolder("d"));
    setTimeout(pair.end, 300);
    const startMs = performance.now();
    const [first] = await isOver(`serial:${pair.near}`, ["me.*"]);
    expect(performance.now() - startMs).toBeLessThan(AT_ONCE_MS);
    expect(first.cause).toMatch(/serial:.*: (the line is gone|the other end has closed the line)/);
  });

  it("with its pOLT", async () => {
    const road = `vomci://127.0.0.1:${await freePort()}`;
    const far = await roadOf(road)!.open("ont", { ...nobody, onFrame: () => far.close() });
    const [first] = await isOver(road, ["me.flags"]);
    expect(first.cause).toMatch(/vomci:.*: (ListenForVomciRx|the pOLT has ended)/);
  });

  it("with its socket: it has a while to come back", async () => {
    const path = inFolder("gone");
    const far = await roadOf(`unix-listen:${path}`)!.open("ont", { ...nobody, onFrame: () => far.close() });
    const startMs = performance.now();
    const [first] = await isOver(`unix:${path}`, ["me.flags"]);
    expect(performance.now() - startMs).toBeLessThan(AT_ONCE_MS);
    expect(first.cause).toContain(`unix:${path}: the other end has closed, and nobody listens there any more`);
  });
});

describe("a program under test", () => {
  it("ends with the run, and what it has started too, though it does not want to", async () => {
    const pids = inFolder("pids");
    const script = inFolder("stubborn.sh");
    writeFileSync(script, `trap '' TERM\nsleep 100 & echo $! >${pids}\necho $$ >>${pids}\nwhile :; do wait; done\n`);
    const road = await roadOf(`exec:sh ${script}`)!.open("olt", nobody);
    await expect.poll(() => existsSync(pids) && execFileSync("wc", ["-l", pids], { encoding: "utf8" })[0]).toBe("2");
    const living = (): number[] =>
      execFileSync("cat", [pids], { encoding: "utf8" })
        .trim()
        .split("\n")
        .map(Number)
        .filter((pid) => spawnSync("kill", ["-0", String(pid)]).status === 0);
    expect(living().length).toBe(2);
    road.close();
    await expect.poll(living).toEqual([]);
  });
});

describe("conform olt on a road of a bench", () => {
  it("judges a program that is an OLT until it ends", async () => {
    const pdu = new Uint8Array(BASELINE_PDU_BYTES);
    const to = { messageSet: "baseline", classId: SOFTWARE_IMAGE, instanceId: 1 } as const;
    encodeMessage({ type: "activateImageRequest", tci: 9, ...to, flags: 0 }, pdu);
    const octets = [...slipEncode(pdu)].map((octet) => `\\${octet.toString(8).padStart(3, "0")}`).join("");
    // It ends once it was answered.
    const olt = `exec:sh -c "printf '${octets}'; head -c 40 >/dev/null"`;
    const { code, out, err } = await commandHere([
      "conform",
      "olt",
      "--road",
      olt,
      "--json",
      "--pcap",
      inFolder("olt"),
    ]);
    expect(code).toBe(1);
    expect(err).toContain("the program has ended (exit code 0)");
    const [{ road, datagrams, capture, findings }] = JSON.parse(out);
    expect({ road, datagrams, capture }).toEqual({ road: olt, datagrams: 1, capture: inFolder("olt/ont.pcapng") });
    const failed = findings.filter(({ verdict }: { verdict: string }) => verdict === "fail");
    expect(failed.map(({ rule }: { rule: string }) => rule)).toEqual(["activate.valid"]);
  });

  it.each([
    [["--road", "udp://127.0.0.1:5"], "--road: udp://127.0.0.1:5 is not allowed; eth:<interface>"],
    [["--road", "unix:/tmp/s", "--onts", "2"], "--onts: one ONT alone is on a road of a bench"],
    [["--road", "serial:/dev/ttyNONE9"], "No such file or directory"],
  ])("%s: one line", async (words, text) => {
    const { code, err } = await commandHere(["conform", "olt", ...words]);
    expect(code).toBe(2);
    expect(err).toContain(text);
    expect(err.trim().split("\n").length).toBe(1);
  });
});

describe("a road to nowhere is told in one line", () => {
  it.each([
    ["serial:/dev/ttyNONE9", "No such file or directory"],
    ["serial:/dev/null", "Inappropriate ioctl for device"],
    ["/dev/ttyNONE9", "No such file or directory"],
    ["exec:./no-such-ont --flag", "there is no such program"],
    ["unix:/tmp/poncast-nobody", "there is no such socket; who listens has to be first"],
    ["unix-listen:/no/such/folder/s", "cannot be listened on"],
    ["eth:nosuch0", "there is no interface nosuch0"],
    ["eth:lo/12:34", "eth:<interface>[/<MAC address>] is allowed"],
    ["serial:", "serial:<tty>[,<bit/s>] is allowed"],
    ["exec:", "exec:<program> <arguments> is allowed"],
    ["exec:a 'b", "exec:<program> <arguments> is allowed"],
    ["unix:", "unix:<path> is allowed"],
    ["vomci://127.0.0.1:1", "nobody listens for gRPC"],
    ["vomci://127.0.0.1", "vomci://<host>:<port>[/<OLT name>/<channel termination>/<ONU-ID>] is allowed"],
    ["smoke:signals", "serial:<tty>[,<bit/s>], exec:<program> <arguments>, vomci://"],
  ])("%s", async (target, words) => {
    const startMs = performance.now();
    const { code, out, err } = await commandHere(["conform", "ont", target, "--only", "me.flags"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(words);
    expect(err.trim().split("\n").length).toBe(1);
    expect(performance.now() - startMs).toBeLessThan(AT_ONCE_MS);
  });
});
