/** keygen, pack, inspect and verify as a user calls them, in one process. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { inspectCommand } from "../../cli/commands/inspect.ts";
import { keygenCommand } from "../../cli/commands/keygen.ts";
import { packCommand } from "../../cli/commands/pack.ts";
import { verifyCommand } from "../../cli/commands/verify.ts";
import { InputError } from "../../base/errors/index.ts";
import { removeFolder } from "../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-cli-"));
afterAll(() => removeFolder(root));
let folder = "";
let printed = "";
let count = 0;

beforeEach(() => {
  folder = join(root, `${count++}`);
  mkdirSync(folder);
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const path = (name: string): string => join(folder, name);

/** @returns the exit code: 0, 1, or 2 with the error's line in `printed` */
async function poncast(...words: string[]): Promise<number> {
  const program = new Command("poncast").exitOverride().configureOutput({ writeErr: (text) => void (printed += text) });
  for (const register of [keygenCommand, packCommand, inspectCommand, verifyCommand]) register(program);
  for (const command of program.commands) command.exitOverride().configureOutput(program.configureOutput());
  process.exitCode = 0;
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof InputError || error instanceof CommanderError)) throw error;
    if (error instanceof InputError) printed += error.message;
    return 2;
  }
  return process.exitCode;
}

const packed = (...more: string[]): Promise<number> =>
  poncast(
    "pack",
    path("payload"),
    "--out",
    path("bundle"),
    "--key",
    path("maker.key.pem"),
    "--image-version",
    "3.0",
    "--product-code",
    "PCST-1",
    "--hardware",
    "HW1",
    "HW2",
    "--minimum-version",
    "2",
    ...more,
  );

describe("the image commands", () => {
  beforeEach(async () => {
    await poncast("keygen", path("maker"));
    writeFileSync(path("payload"), "firmware ".repeat(1000));
  });

  test("make keys, pack, inspect and verify", async () => {
    expect(statSync(path("maker.key.pem")).mode & 0o777).toBe(0o600);
    expect(await packed("--build-time", "2026-01-02T03:04:05Z")).toBe(0);
    printed = "";
    expect(await poncast("inspect", path("bundle"))).toBe(0);
    expect(printed).toMatch(/^version +3\.0\nproduct code +PCST-1\nhardware +HW1, HW2\nreplaces +2 or later\n/);
    expect(printed).toMatch(/built +2026-01-02T03:04:05\.000Z\npayload +9000 bytes\n/);
    printed = "";
    expect(await poncast("verify", path("bundle"), "--key", path("maker.pub.pem"))).toBe(0);
    expect(printed).toMatch(/bundle: valid, version 3\.0, \d+ bytes, CRC-32 0x[0-9a-f]{8}, SHA-256 [0-9a-f]{64}\n$/);
  });

  test("print JSON that agrees", async () => {
    printed = "";
    await packed("--json");
    const fromPack = JSON.parse(printed) as { sha256: string; bundleBytes: number };
    printed = "";
    await poncast("verify", path("bundle"), "-k", path("maker.pub.pem"), "--json");
    expect(JSON.parse(printed)).toMatchObject({
      valid: true,
      image: { sha256: fromPack.sha256, imageBytes: fromPack.bundleBytes },
    });
    printed = "";
    await poncast("inspect", path("bundle"), "--json");
    expect(JSON.parse(printed)).toMatchObject({
      bundleBytes: fromPack.bundleBytes,
      manifest: { payloadBytes: 9000 },
    });
  });

  test("an update.zip is written beside the bundle", async () => {
    expect(await packed("--zip-with", path("x"))).toBe(2);
    expect(printed).toContain("--zip-with: needs --zip");
    expect(await packed("--zip", path("update.zip"))).toBe(0);
    expect(printed).toContain("update.zip: version 3.0, one payload");
    expect(readFileSync(path("update.zip")).includes(readFileSync(path("bundle")))).toBe(true);
    rmSync(path("bundle"));
    expect(await packed("--zip", path("update.zip"))).toBe(2);
    expect(printed).toContain("update.zip exists already; --force replaces it");
    expect(readdirSync(folder)).not.toContain("bundle");
  });

  test("SOURCE_DATE_EPOCH makes packing repeatable", async () => {
    vi.stubEnv("SOURCE_DATE_EPOCH", "1000000000");
    await packed();
    const first = readFileSync(path("bundle"));
    await packed("--force");
    expect(readFileSync(path("bundle")).equals(first)).toBe(true);
    vi.unstubAllEnvs();
  });

  test("verify exits 1 with the reason", async () => {
    await packed();
    await poncast("keygen", path("other"));
    const key = ["--key", path("maker.pub.pem")];
    const cases: [string[], RegExp][] = [
      [["--key", path("other.pub.pem")], /not valid: untrusted-signature: manifest is not signed by a trusted key\n$/],
      [[...key, "--product-code", "X"], /not valid: wrong-product-code: image is for product code PCST-1, not X\n$/],
      [[...key, "--hardware", "HW3"], /not valid: incompatible-hardware/],
      [[...key, "--running-version", "1.9"], /not valid: version-not-replaceable/],
    ];
    for (const [words, reason] of cases) {
      printed = "";
      expect(await poncast("verify", path("bundle"), ...words)).toBe(1);
      expect(printed).toMatch(reason);
    }
    const bytes = readFileSync(path("bundle"));
    bytes[5000]! ^= 1;
    writeFileSync(path("bundle"), bytes);
    printed = "";
    expect(await poncast("verify", path("bundle"), ...key)).toBe(1);
    expect(printed).toMatch(/payload-hash-mismatch/);
  });

  test("security version and expiry are packed, shown and checked; what has expired is told of", async () => {
    const key = ["--key", path("maker.pub.pem")];
    expect(await packed("--security-version", "3", "--expires", "2020-01-02T00:00:00Z", "--build-time", "5")).toBe(0);
    printed = "";
    await poncast("inspect", path("bundle"));
    expect(printed).toMatch(/security version +3\nexpires +2020-01-02T00:00:00\.000Z\n/);
    let told = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      told += text;
      return true;
    });
    expect(await poncast("verify", path("bundle"), ...key, "--security-version", "3")).toBe(0);
    expect(told).toBe(`${path("bundle")}: expired 2020-01-02T00:00:00.000Z\n`);
    printed = "";
    expect(await poncast("verify", path("bundle"), ...key, "--security-version", "4")).toBe(1);
    expect(printed).toMatch(/security-version-too-low/);
    for (const wrong of [
      ["--security-version", "-1"],
      ["--security-version", "x"],
      ["--expires", "soon"],
    ])
      expect(await packed("--force", ...wrong)).toBe(2);
  });

  test("bad input is one line and exit 2, and touches nothing", async () => {
    await packed();
    const before = readdirSync(folder).map((name) => [name, readFileSync(path(name), "latin1")]);
    const key = ["--key", path("maker.pub.pem")];
    const cases: [string[], RegExp][] = [
      [["keygen", path("maker")], /maker\.key\.pem exists already; --force replaces it$/],
      [["keygen", path("none/maker")], /none\/maker\.key\.pem: cannot be written \(ENOENT\)$/],
      [["verify", path("none"), ...key], /none: no such file or folder$/],
      [["verify", path("bundle"), "--key", path("none")], /none: no such file$/],
      [["verify", path("bundle"), "--key", path("payload")], /payload: not a public key in PEM form$/],
      [["verify", path("bundle"), "--key", path("maker.key.pem")], /maker\.key\.pem: this is a private key/],
      [["inspect", path("payload")], /payload: does not begin with "PONCAST1"$/],
      [["inspect", folder], /is not a file$/],
    ];
    for (const [words, message] of cases) {
      printed = "";
      expect(await poncast(...words), words.join(" ")).toBe(2);
      expect(printed).toMatch(message);
      expect(printed).not.toContain("\n");
    }
    printed = "";
    expect(await packed()).toBe(2);
    expect(printed).toMatch(/bundle exists already; --force replaces it/);
    expect(await packed("--force", "--image-version", "1.2.3.4.5.6.7.8.9")).toBe(2);
    expect(printed).toMatch(/17 characters; at most 14 fit/);
    expect(await packed("--force", "--build-time", "yesterday")).toBe(2);
    expect(printed).toMatch(/--build-time.*'yesterday' is invalid. Neither ISO 8601/);
    expect(readdirSync(folder).map((name) => [name, readFileSync(path(name), "latin1")])).toEqual(before);
  });

  test("keygen replaces keys when told to", async () => {
    const before = readFileSync(path("maker.pub.pem"), "utf8");
    expect(await poncast("keygen", path("maker"), "--force")).toBe(0);
    expect(readFileSync(path("maker.pub.pem"), "utf8")).not.toBe(before);
  });
});
