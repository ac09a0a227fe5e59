/** All cases over each road of a bench; and roads that lead nowhere, or end in the middle. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { type CaseReport, runCases, selectCases } from "../../conform/core/index.ts";
import { targetOf } from "../../conform/targets/index.ts";
import { roadOf, type RoadHandlers } from "../../pon/bench/index.ts";
import { commandHere } from "../support/command.ts";
import { notPassed, runOverRoad } from "./lockstep.ts";
import { ptyPair } from "./ptys.ts";
import { BASELINE_PDU_BYTES, encodeMessage, type MessageSet, SOFTWARE_IMAGE } from "../../omci/index.ts";
import { slipEncode } from "../../pon/bench/slip.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-roads-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);
const hasSocat = spawnSync("socat", ["-V"]).status === 0;
/** All that a network of one's own takes: the right to make one, and what is used in it. */
const NETWORK = "ip link add v0 mtu 2000 type veth peer name v1 mtu 2000 && ip link set v0 up && ip link set v1 up";
const IN_NETWORK = `mount -t sysfs sysfs /sys && ip link set lo up && ${NETWORK}`;
const inNetwork = (command: string): string[] => ["-r", "-n", "-m", "sh", "-c", `${IN_NETWORK} && ${command}`];
const hasNetwork = hasSocat && spawnSync("unshare", inNetwork("true")).status === 0;

/** Two seconds on a machine that has nothing else to do, and far more on one that has; without them it would be minutes. */
const AT_ONCE_MS = 60_000;

const nobody: RoadHandlers = { onFrame: () => undefined, onEnd: () => undefined, onDropped: () => undefined };

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

const options = { timeScale: 1, sectionGapNs: 0 };
async function whole(near: string, far: string, messageSet: MessageSet): Promise<CaseReport[]> {
  const open = roadOf(far)!;
  const { reports } = await runOverRoad((handlers) => open.open("ont", handlers), targetOf(near, options), {
    messageSet,
    hasTrailer: open.hasTrailer,
  });
  return reports;
}
const casesOf = (messageSet: MessageSet): number => selectCases(catalogue, { only: [], skip: [], messageSet }).length;

describe("a whole run", () => {
  it("over a Unix socket", async () => {
    const reports = await whole(`unix:${inFolder("s")}`, `unix-listen:${inFolder("s")}`, "extended");
    expect(notPassed(reports)).toEqual([]);
    expect(reports.length).toBe(casesOf("extended"));
  });

  it.skipIf(!hasSocat)("over stdin and stdout of a program (needs socat)", async () => {
    // The program hands on what it reads, to our ONT behind a socket.
    const reports = await whole(
      `exec:socat STDIO UNIX-CONNECT:${inFolder("e")}`,
      `unix-listen:${inFolder("e")}`,
      "baseline",
    );
    expect(notPassed(reports)).toEqual([]);
    expect(reports.length).toBe(casesOf("baseline"));
  });

  it.skipIf(!hasSocat)("over a pair of ptys (needs socat)", async () => {
    const pair = await ptyPair(inFolder("a"), inFolder("b"));
    const reports = await whole(`serial:${pair.near},115200`, `serial:${pair.far}`, "extended");
    pair.end();
    expect(notPassed(reports)).toEqual([]);
    expect(reports.length).toBe(casesOf("extended"));
  });

  it.skipIf(!hasNetwork)("over Ethernet, in a network of its own (needs socat, ip, and unshare -n)", () => {
    const mac = "$(cat /sys/class/net/v1/address)";
    const command = `exec node --import tsx ${resolve("test/conform/road-run.ts")} eth:v0/${mac} eth:v1`;
    const out = execFileSync("unshare", inNetwork(command), { encoding: "utf8" });
    expect(JSON.parse(out)).toEqual({ cases: casesOf("extended"), notPassed: [] });
  });
});

describe("a whole run over TR-451 vOMCI, both roles ours", () => {
  it("passes, but for what is about trailers: there are none", async () => {
    const road = `vomci://127.0.0.1:${await freePort()}`;
    const reports = await whole(`${road}/olt-1/CT_7/300`, `${road}/olt-1/CT_7/300`, "extended");
    expect(notPassed(reports).filter(([id]) => !id.startsWith("trailer."))).toEqual([]);
    expect(reports.length).toBe(casesOf("extended"));
  });

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
