/** `poncast conform ont` as a user calls it: exit codes, output, reports, and one line for every wrong option. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { verifyReportCommand } from "../../cli/commands/verify-report.ts";
import { conformCommand } from "../../cli/commands/conform.ts";
import { decodeCommand } from "../../cli/commands/decode.ts";
import { keygenCommand } from "../../cli/commands/keygen.ts";
import { packCommand } from "../../cli/commands/pack.ts";
import { InputError } from "../../base/errors/index.ts";
import { removeFolder } from "../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-conform-"));
afterAll(() => removeFolder(folder));
const path = (name: string): string => join(folder, name);

let out = "";
let err = "";
beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** @returns the exit code; the error's line is in `err` */
async function poncast(...words: string[]): Promise<number> {
  const program = new Command("poncast").exitOverride().configureOutput({ writeErr: (text) => void (err += text) });
  for (const register of [conformCommand, decodeCommand, verifyReportCommand, keygenCommand, packCommand])
    register(program);
  process.exitCode = 0;
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof InputError) err += error.message;
    else if (!(error instanceof CommanderError)) throw error;
    return 2;
  }
  return process.exitCode;
}

const conform = (...words: string[]): Promise<number> => poncast("conform", "ont", ...words);

describe("poncast conform ont", () => {
  it("with --pcap leaves a capture of each case, and names it where one fails", async () => {
    const words = ["--self", "--quirk", "5vt", "--only", "loss.*", "--pcap", path("captures")];
    expect(await conform(...words, "--json", path("captures.json"))).toBe(1);
    const { cases } = JSON.parse(readFileSync(path("captures.json"), "utf8")) as {
      cases: {
        id: string;
        verdict: string;
        capture: string;
        frames: number;
        fault?: { frame: number; line: string };
      }[];
    };
    expect(readdirSync(path("captures")).sort()).toEqual(cases.map(({ id }) => `${id}.pcapng`).sort());
    const { fault, capture } = cases.find(({ verdict }) => verdict === "fail")!;
    expect(out).toContain(`frame ${fault!.frame} of ${capture}: `);
    expect(fault!.line).toContain(`frame ${fault!.frame} of ${capture}: `);
    out = "";
    expect(await poncast("decode", capture)).toBe(0);
    const lines = out.split("\n");
    const at = lines.findIndex((line) => line.trimStart().startsWith(`${fault!.frame} `));
    expect(lines[at]).toContain("Download section answer");
    expect(lines.slice(at, at + 4).join("\n")).toContain("FAIL: ");
    expect(await conform("--self", "--only", "loss.*", "--pcap", path("captures"))).toBe(2);
    expect(err).toContain("folder is not empty; name another one");
  });

  it("exits 0 when all pass, 1 when one fails, and tells", async () => {
    expect(await conform("--self", "--only", "me.*")).toBe(0);
    expect(out).toContain("pass  me.flags");
    expect(out).toMatch(/\d+ cases: \d+ passed, 0 failed\n$/);
    out = "";
    expect(await conform("--self", "--quirk", "5vt", "--only", "loss.middle")).toBe(1);
    expect(out).toContain("FAIL  loss.middle");
    expect(out).toContain("window 1: section 3 was never sent, yet the ONT answered 3");
  });

  it("does not take a skipped case for a pass, but one that does not apply", async () => {
    expect(await conform("--self", "--quirk", "odi", "--only", "trial.commit")).toBe(1);
    expect(out).toContain("a skipped case is no pass");
    out = "";
    expect(await conform("--self", "--quirk", "stop-and-wait", "--only", "window.shorter")).toBe(0);
    expect(out).toContain("n/a ");
  });

  it("lists the cases of a set", async () => {
    expect(await conform("--list", "--message-set", "extended", "--only", "extended.*")).toBe(0);
    expect(out).toMatch(/^extended\.largest +Sections of the largest size\n/);
    expect(out).not.toContain("loss.middle");
  });

  it("with --json - has nothing else on stdout", async () => {
    expect(await conform("--self", "--only", "me.flags", "--json", "-")).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ counts: { pass: 1 } });
    expect(err).toContain("pass  me.flags");
  });

  it("takes an image of one's own: a bundle with its key, or any file", async () => {
    writeFileSync(path("payload"), Buffer.alloc(17_000, 7));
    expect(await conform("--self", "--image", path("payload"), "--only", "download.short-16")).toBe(0);
    await poncast("keygen", path("maker"));
    const key = ["--key", path("maker.key.pem")];
    const fields = ["--image-version", "7.0", "--product-code", "PC-7", "--hardware", "HW-7"];
    expect(await poncast("pack", path("payload"), "--out", path("bundle"), ...key, ...fields)).toBe(0);
    const image = ["--image", path("bundle"), "--key", path("maker.pub.pem")];
    expect(await conform("--self", ...image, "--only", "download.version", "hash.md5")).toBe(0);
    writeFileSync(path("tiny"), Buffer.alloc(9000, 7));
    for (const target of ["--self", "udp://127.0.0.1:5"])
      expect(await conform(target, "--image", path("tiny"))).toBe(2);
    expect(err).toContain("tiny: 9000 bytes; 16384 to 4294967295 can be tested with");
  });

  it("writes all reports, and signs", async () => {
    await poncast("keygen", path("lab"));
    const files = [
      "--json",
      path("r.json"),
      "--junit",
      path("r.xml"),
      "--tap",
      path("r.tap"),
      "--sign",
      path("lab.key.pem"),
    ];
    expect(await conform("--self", "--only", "loss.*", ...files)).toBe(0);
    expect(readFileSync(path("r.xml"), "utf8")).toContain("<testsuite ");
    expect(readFileSync(path("r.tap"), "utf8")).toMatch(/^TAP version 14\n/);
    out = "";
    expect(await poncast("verify-report", path("r.json"), "--key", path("lab.pub.pem"))).toBe(0);
    expect(out).toMatch(/signature holds; "self": pass \d+, fail 0/);
    writeFileSync(path("r.json"), readFileSync(path("r.json"), "utf8").replace("pass", "PASS"));
    expect(await poncast("verify-report", path("r.json"), "--key", path("lab.pub.pem"))).toBe(1);
    expect(await poncast("verify-report", path("nothing.json"), "--key", path("lab.pub.pem"))).toBe(2);
    expect(err).toContain("nothing.json: no such file");
  });

  const bad: [words: string[], line: string][] = [
    [[], "a target is needed, such as udp://192.0.2.1:5000, or --self"],
    [["--self", "udp://127.0.0.1:1"], "either a target or --self"],
    [["--self", "--quirk", "realtec"], "there is no profile realtec; did you mean realtek?"],
    [["--self", "--quirk", "constructor"], "there is no profile constructor"],
    [["--self", "--message-set", "both"], "--message-set: both is not allowed; baseline or extended"],
    [["--self", "--only", "los.*"], "los.*: no case has such an id; --list shows them"],
    [["--self", "--only", "extended.*"], "no case is left to run in baseline"],
    [["udp://127.0.0.1"], "a port is needed"],
    [["udp://127.0.0.1:99999"], "no target"],
    [["udp://127.0.0.1:5/x"], "nothing may follow the port"],
    [["relay://127.0.0.1/CT_1/70000"], "ONU-ID 70000 is not 0 to 65535"],
    [[`relay://127.0.0.1/${"x".repeat(31)}/1`], "up to 30 characters"],
    [["tcp://127.0.0.1:5"], "tcp:// is no way to an ONT"],
    [["127.0.0.1"], "no target"],
    [["udp://127.0.0.1:5", "--quirk", "5vt"], "--quirk goes with --self only"],
    [["udp://127.0.0.1:5", "--timeout-scale", "0"], "--timeout-scale: 0 is not allowed"],
    [["udp://127.0.0.1:5", "--trailer", "md5"], "--trailer: md5 is not allowed"],
    [["udp://127.0.0.1:5", "--image", "/no/such/file"], "/no/such/file: no such file"],
    [["--self", "--image", "/no/such/file"], "/no/such/file"],
    [["--self", "--json", "/no/such/folder/r.json"], "there is no folder /no/such/folder"],
    [["--self", "--json", "-", "--sign", "x"], "--sign: a report file is needed"],
    [["--self", "--junit", folder], "is a folder"],
    [["--self", "--pcap", "scenarios"], "--pcap scenarios: folder is not empty; name another one"],
    [["--self", "--pcap", "package.json"], "--pcap package.json: is a file, not a folder"],
    [["--self", "--pcap", "package.json/x"], "--pcap package.json/x: cannot be written (ENOTDIR)"],
    [["udp://a..b:5", "--pcap", path("none")], "udp://a..b:5: no such host"],
  ];
  for (const [words, line] of bad) {
    it(`refuses ${words.join(" ") || "no words"} with one line`, async () => {
      expect(await conform(...words)).toBe(2);
      expect(err).toContain(line);
      expect(err.trim()).not.toContain("\n");
      expect(existsSync("/no/such/folder")).toBe(false);
      expect(existsSync(path("none"))).toBe(false);
    });
  }
});
