/** `poncast olt` and `poncast ont` in terminals of their own find each other, and end when told to. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { buildArchive } from "../../image/archive/index.ts";
import { buildBundle, generateKeyPair } from "../../image/index.ts";
import { commandHere } from "../support/command.ts";
import { BUNDLE_FIELDS, freshFolder, leaveNothingBehind } from "./harness.ts";

leaveNothingBehind();

/** A command of poncast as a process, with what it prints. */
class Side {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  out = "";
  #err = "";
  #look: () => void = () => undefined;

  constructor(words: readonly string[]) {
    this.child = spawn(process.execPath, [resolve("cli/poncast.mjs"), ...words], { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout!.on("data", (bytes: Buffer) => (this.out += bytes.toString()));
    this.child.stderr!.on("data", (bytes: Buffer) => {
      this.#err += bytes.toString();
      this.#look();
    });
    this.ended = new Promise((done) => this.child.on("close", (code) => done(code)));
  }

  /** The first match on stderr; the test's time limit is the limit. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((found) => {
      this.#look = () => {
        const match = pattern.exec(this.#err);
        if (match !== null) found(match);
      };
      this.#look();
    });
  }
}

const sides: Side[] = [];
const start = (...words: string[]): Side => {
  const side = new Side(words);
  sides.push(side);
  return side;
};
afterEach(async () => {
  for (const { child } of sides) child.kill("SIGKILL");
  await Promise.all(sides.splice(0).map(({ ended }) => ended));
});

function files(): { folder: string; bundle: string; key: string; state: string; archive: Buffer } {
  const folder = freshFolder();
  mkdirSync(folder, { recursive: true });
  const { publicPem, privatePem } = generateKeyPair();
  const paths = { bundle: join(folder, "fw.bundle"), key: join(folder, "me.pub.pem"), state: join(folder, "state") };
  const content = buildBundle(BUNDLE_FIELDS, new Uint8Array(300_000).fill(7), privatePem);
  writeFileSync(paths.bundle, content);
  writeFileSync(paths.key, publicPem);
  const archive = buildArchive([{ name: "fw.bundle", hardware: BUNDLE_FIELDS.hardware, content }], privatePem);
  return { ...paths, folder, archive };
}

describe("the two sides alone", () => {
  it("`poncast olt` serves `poncast ont` processes; their flash outlives them", async () => {
    const { bundle, key, state } = files();
    const olt = start("olt", "--image", bundle, "--port", "0", "--onts", "3", "--json", "--quiet");
    const [, address] = await olt.said(/OLT on (\S+),/);
    const side = (first: string, onts: string): Side =>
      start("ont", "--olt", address, "--key", key, "--state", state, "--first", first, "--onts", onts, "--quiet");
    // As ONTs of another port of a run over several hosts are numbered.
    const onts = [side("0", "1"), side("510", "2")];
    expect(await olt.ended).toBe(0);
    const status = JSON.parse(olt.out) as { onts: { serial: string; phase: string }[] };
    expect(status.onts.map(({ phase }) => phase)).toEqual(["committed", "committed", "committed"]);
    for (const { child } of onts) child.kill("SIGINT");
    expect(await Promise.all(onts.map(({ ended }) => ended))).toEqual([0, 0]);
    const lines = onts.flatMap(({ out }) => out.trim().split("\n")).sort();
    expect(lines).toHaveLength(3);
    for (const [index, serial] of ["PCST00000001", "PCST000001FF", "PCST00000200"].entries())
      expect(lines[index]).toMatch(new RegExp(`^${serial} committed; runs PONCAST-2\\.0\\.0 from`));
    // A second power-on finds what the first left.
    const again = start("ont", "--olt", address, "--key", key, "--state", state, "--onts", "1", "--quiet");
    await again.said(/Ctrl-C/);
    again.child.kill("SIGTERM");
    await again.ended;
    expect(again.out).toContain("runs PONCAST-2.0.0");
  });

  it("an ONT takes update.zip from its folder, and says in one line what is wrong with another", async () => {
    const { bundle, key, state, archive, folder } = files();
    const scenario = join(folder, "quick.yaml");
    writeFileSync(scenario, "onts: 1\nont: { restartDelayMs: 20, bootMs: 100 }\n");
    const stick = join(folder, "stick-{serial}");
    const own = join(folder, "stick-PCST00000001");
    mkdirSync(own);
    const words = ["ont", scenario, "--olt", "127.0.0.1:9", "--key", key, "--state", state, "--update-folder", stick];
    writeFileSync(join(own, "update.zip"), readFileSync(bundle));
    const ont = start(...words);
    await expect.poll(() => ont.out).toMatch(/update\.zip: failed: no zip file, [^\n]+\n/);
    writeFileSync(join(own, "update.zip"), archive);
    await expect.poll(() => ont.out).toContain("update.zip: committed");
    ont.child.kill("SIGINT");
    await ont.ended;
    expect(ont.out).toMatch(/^PCST00000001 committed; runs PONCAST-2\.0\.0/m);
    expect(readdirSync(own)).toEqual(["update.zip"]);
  });

  it("Ctrl-C ends the OLT while it waits", async () => {
    const { bundle } = files();
    const olt = start("olt", "--image", bundle, "--port", "0", "--quiet");
    await olt.said(/OLT on/);
    olt.child.kill("SIGINT");
    expect(await olt.ended).toBe(130);
  });

  it("an OLT whose --control address is taken ends, and says so", async () => {
    const { bundle } = files();
    const words = ["olt", "--image", bundle, "--port", "0", "--quiet", "--control"];
    const [, address] = await start(...words, "127.0.0.1:0").said(/^control: http:\/\/(\S+),/);
    const second = start(...words, address);
    expect(await second.ended).toBe(2);
    await second.said(new RegExp(`^--control ${address}: .*EADDRINUSE`));
  });

  it.each([
    [["olt"], /^--image: .*poncast pack/],
    [["olt", "--image", "absent.bundle"], /absent\.bundle/],
    [["olt", "--image", "absent.bundle", "--port", "70000"], /^--port: 70000 is not allowed/],
    [["ont", "--olt", "127.0.0.1:7000"], /^--key: .* missing/],
    [["ont", "--olt", "nonsense", "--key", "me.pem"], /^--olt: nonsense is not allowed/],
    [["ont"], /--olt/],
  ])("refuses %j in one line", async (words, line) => {
    const { code, err } = await commandHere(words);
    expect(code).toBe(2);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toMatch(line);
  });
});
