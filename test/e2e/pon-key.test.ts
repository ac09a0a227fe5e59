/** `--pon-key`: who has it takes part, who has not does not. */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { buildBundle, generateKeyPair } from "../../image/index.ts";
import { commandIn } from "../support/command.ts";
import { BUNDLE_FIELDS, freshFolder, leaveNothingBehind } from "./harness.ts";

leaveNothingBehind();

const started: { kill: () => void; ended: Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { kill } of started) kill();
  await Promise.all(started.splice(0).map(({ ended }) => ended));
});

function start(words: readonly string[]) {
  const child = spawn(process.execPath, [resolve("cli/poncast.mjs"), ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const texts = { out: "", err: "" };
  let look: () => void = () => undefined;
  child.stdout.on("data", (bytes: Buffer) => (texts.out += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => {
    texts.err += bytes.toString();
    look();
  });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((found) => {
      look = () => {
        const match = pattern.exec(texts.err);
        if (match) found(match);
      };
      look();
    });
  started.push({ kill: () => void child.kill("SIGKILL"), ended });
  return { texts, ended, said };
}

function files() {
  const folder = freshFolder();
  mkdirSync(folder, { recursive: true });
  const { publicPem, privatePem } = generateKeyPair();
  const paths = {
    folder,
    bundle: join(folder, "fw.bundle"),
    trusted: join(folder, "me.pub.pem"),
    ponKey: join(folder, "pon.key"),
  };
  writeFileSync(paths.bundle, buildBundle(BUNDLE_FIELDS, new Uint8Array(100_000).fill(7), privatePem));
  writeFileSync(paths.trusted, publicPem);
  writeFileSync(paths.ponKey, `${"5a".repeat(16)}\n`);
  return paths;
}

describe("the key of a PON", () => {
  it("lets in who has it: with another key or without, an ONT is nobody", async () => {
    const { bundle, trusted, folder, ponKey } = files();
    const olt = start([
      "olt",
      "--image",
      bundle,
      "--port",
      "0",
      "--onts",
      "1",
      "--json",
      "--quiet",
      "--pon-key",
      ponKey,
    ]);
    const [, address] = await olt.said(/OLT on (\S+),/);
    const ont = (first: number, key: readonly string[]) =>
      start([
        "ont",
        "--olt",
        address,
        "--key",
        trusted,
        "--state",
        join(folder, "state"),
        "--first",
        `${first}`,
        ...key,
      ]);
    const strangers = [ont(1, []), ont(2, ["--pon-key", "00".repeat(16)])];
    // They are up, and ask; the one that may comes after them.
    for (const stranger of strangers) await stranger.said(/Ctrl-C/);
    ont(0, ["--pon-key", "5a".repeat(16)]);
    expect(await olt.ended).toBe(0);
    const { onts } = JSON.parse(olt.texts.out) as { onts: { serial: string; phase: string }[] };
    expect(onts.map(({ serial, phase }) => [serial, phase])).toEqual([["PCST00000001", "committed"]]);
    expect(olt.texts.err).not.toContain("no --pon-key");
    expect(readdirSync(folder)).toContain("state");
  });

  it("that is none is refused in one line", async () => {
    const { bundle, trusted, folder } = files();
    const poncast = commandIn(folder);
    const olt = (key: string) => poncast(["olt", "--image", bundle, "--port", "0", "--pon-key", key]);
    expect(await olt("5a")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^--pon-key: 5a is neither 32 hexadecimal digits nor a file with them$/),
    });
    const { code, err } = await olt(trusted);
    expect(code).toBe(2);
    expect(err).toMatch(/^--pon-key: .* has no key; 32 hexadecimal digits/);
    expect(err.split("\n")).toHaveLength(1);
  });
});
