/** `poncast decode` as a person runs it: options, pipes, exit codes. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CapturedFrame, PcapngWriter } from "../../pon/capture/index.ts";
import { commandHere, type Ran } from "../support/command.ts";
import { BROADCAST, Conversation, imageOf, sectionsOf } from "./frames.ts";
import { removeFolder } from "../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-decode-command-"));
afterAll(() => removeFolder(root));
const poncast = resolve("cli/poncast.mjs");

const decode = (words: readonly string[]): Promise<Ran> => commandHere(["decode", ...words]);

/** As a process of its own, which has a stdin. */
function decodePiped(words: readonly string[], input: Uint8Array): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [poncast, "decode", ...words], { input });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
}

const IMAGE = imageOf(800);
const SECTIONS = sectionsOf(IMAGE, 100);
const capture = join(root, "two.pcapng");

/** Two ONTs in a group; ONU 2's End names another CRC. */
beforeAll(() => {
  const conversation = new Conversation().start(1, 1, IMAGE.length, 8).start(2, 1, IMAGE.length, 8);
  conversation.window(BROADCAST, 2, SECTIONS, undefined, 0xffff).answer(1, 9, 7).answer(2, 9, 7);
  conversation.end(2, 0x6000, IMAGE, { crc32: 1 }).end(1, 0x6000, IMAGE);
  const blocks: Uint8Array[] = [];
  const writer = new PcapngWriter((block) => blocks.push(block));
  for (const frame of conversation.frames) writer.frame({ ...frame, timeNs: frame.timeNs! } as CapturedFrame);
  writeFileSync(capture, Buffer.concat(blocks));
});

const GET = "0001490a00070000f000000000000000000000000000000000000000000000000000000000000000000000 28".replace(
  " ",
  "",
);

describe("poncast decode", () => {
  it("shows a line for each frame, window and image, and sums up on stderr", async () => {
    const { code, out, err } = await decode([capture]);
    expect(code).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^ {5}1 +0\.001000 ▼ {3}1 {2}Start software download · .* · window 8, 800 bytes$/);
    expect(lines[1]).toMatch(/^ {5}2 +0\.002000 ▲ {3}1 {2}Start software download answer · .* → 1 in 1\.000 ms$/);
    expect(lines.filter((line) => line.startsWith("        = "))).toEqual([
      "        = window 0 for all: 8 sections, bytes 0 to 800",
      "        = image for ONU 2: 800 bytes, CRC-32 0x00000001 WRONG",
      expect.stringMatching(/^ {8}= image for ONU 1: 800 bytes, CRC-32 0x[0-9a-f]{8} right$/),
    ]);
    expect(err).toBe("18 frames, 1 windows, 2 images, 1 not right; 1 warnings, 0 requests without an answer\n");
  });

  it("--json: a line for each record, with the message's fields; a pipe is read like a file", async () => {
    const { out } = decodePiped(["--json", "-"], readFileSync(capture));
    const records = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records[0]).toMatchObject({
      record: "frame",
      frame: 1,
      direction: "down",
      onuId: 1,
      type: "startDownloadRequest",
      tci: 1,
      imageBytes: 800,
      warnings: [],
    });
    expect(records[5]).toMatchObject({ type: "downloadSectionRequest", sectionNumber: 1, dataBytes: 100, onuId: -1 });
    expect(records.map(({ record }) => record).filter((record) => record !== "frame")).toEqual([
      "window",
      "image",
      "image",
    ]);
    expect(out).toBe((await decode(["--json", capture])).out);
  });

  it("--verbose shows every field, --warnings only what does not fit", async () => {
    expect((await decode([capture, "--verbose"])).out).toMatch(/\n {2}imageBytes +00000320 +800 bytes\n/);
    const lines = (await decode([capture, "--warnings"])).out.trimEnd().split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^ {4}15 .* ▼ {3}2 {2}End software download/),
      expect.stringMatching(/! the image's CRC-32 is 0x[0-9a-f]{8}, End names 0x00000001$/),
      expect.stringContaining("WRONG"),
      expect.stringContaining("right"),
    ]);
  });

  it("--extract writes the first whole image, or that of --onu; nothing else is left", async () => {
    const target = join(root, "image.bin");
    const { code, err } = await decode([capture, "--extract", target]);
    expect({ code, last: err.split("\n").at(-2) }).toEqual({
      code: 0,
      last: `${target}: 800 bytes, as ONU 1 has it`,
    });
    expect(Buffer.compare(readFileSync(target), IMAGE)).toBe(0);
    const none = await decode([capture, "--extract", join(root, "other.bin"), "--onu", "2"]);
    expect(none.code).toBe(2);
    expect(none.err).toContain(`--extract: no whole image for ONU 2 is in ${capture}`);
    expect(readdirSync(root).toSorted()).toEqual(["image.bin", "two.pcapng"]);
  });

  it("frames as words, in full or as JSON", async () => {
    const { code, out } = await decode([GET, `0x${GET}`]);
    expect(code).toBe(0);
    expect(out.match(/^Get · Software image 0x0000 · TCI 0x0001 · baseline$/gm)).toHaveLength(2);
    expect(JSON.parse((await decode(["--json", GET])).out)).toMatchObject({
      type: "getRequest",
      attributeMask: 0xf000,
    });
  });

  it("several files, one after the other", async () => {
    const { out } = await decode([capture, capture]);
    expect(out.match(/^ {5}1 /gm)).toHaveLength(2);
  });

  it("a reader that has seen enough may close the pipe", async () => {
    const many = Buffer.from(`${GET}\n`.repeat(20_000));
    const child = spawn(process.execPath, [poncast, "decode", "-"], { stdio: ["pipe", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    child.stdin.on("error", () => undefined);
    child.stdin.end(many);
    const code = await new Promise((done) => child.on("close", done));
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
  });

  it("an input without a frame is an answer: exit 1, and what is in it", async () => {
    const empty = join(root, "..", `${process.pid}-empty.txt`);
    writeFileSync(empty, "nothing here\n3f2504e0-4f89-41d3-9a0c-0305e82c3301\n");
    try {
      const { code, out, err } = await decode([empty]);
      expect({ code, out, err }).toEqual({
        code: 1,
        out: "",
        err: `${empty}: no OMCI frame is in it: 2 lines hold no frame\n`,
      });
    } finally {
      rmSync(empty, { force: true });
    }
  });

  it("words that are no frame: exit 1, too", async () => {
    const { code, out } = await decode(["8101"]);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/^not an OMCI frame \(2 bytes\)/) });
  });

  it.each([
    ["a folder", [root], /is a folder/],
    ["neither file nor digits", ["nonsense"], /nonsense: neither a file nor a frame/],
    ["a file that is not there, among others", [capture, "missing.pcap"], /missing\.pcap: no such file/],
    ["--extract without a file", [GET, "--extract", "x"], /--extract: .*: no such file/],
    [
      "--extract into a folder that is not there",
      [capture, "--extract", "/none/x"],
      /--extract \/none\/x: cannot be written/,
    ],
    ["--onu without --extract", [capture, "--onu", "1"], /--onu 1: a number or a name/],
  ])("bad input gives one line: %s", async (_, words, expected) => {
    const { code, err } = await decode(words);
    expect(code).toBe(2);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toMatch(expected);
  });
});
