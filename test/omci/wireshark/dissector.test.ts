import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeMessage, MT, pduLength } from "../../../omci/index.ts";
import { type CapturedFrame, PcapngWriter, readCapture } from "../../../pon/capture/index.ts";
import { parseScenario } from "../../../scenarios/schema/index.ts";
import { runVirtual } from "../../../scenarios/virtual/index.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-tshark-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
if (!hasTshark) process.stderr.write("tshark is not installed: the Wireshark dissector is not tested\n");

const FIELDS = [
  "omcisw.tci",
  "omcisw.message_type",
  "omcisw.ar",
  "omcisw.ak",
  "omcisw.class",
  "omcisw.instance",
  "omcisw.result",
  "omcisw.section",
  "omcisw.window",
  "omcisw.image_size",
  "omcisw.image_crc",
  "omcisw.flags",
  "omcisw.attribute_mask",
  "omcisw.section_data",
  "omcisw.onu_id",
  "omcisw.request_in",
] as const;
type Row = Record<(typeof FIELDS)[number], string>;

/** What the dissector says of each frame. */
function dissected(pcap: string): Row[] {
  const script = `lua_script:${resolve("omci/wireshark/poncast_omci.lua")}`;
  const fields = FIELDS.flatMap((field) => ["-e", field]);
  const words = ["-X", script, "-r", pcap, "-2", "-T", "fields", "-E", "occurrence=f", ...fields];
  const text = execFileSync("tshark", words, { encoding: "utf8", maxBuffer: 1e8, stdio: ["ignore", "pipe", "pipe"] });
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => Object.fromEntries(line.split("\t").map((value, index) => [FIELDS[index], plain(value)])) as Row);
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, "0")}`;
const flag = (value: boolean): string => (value ? "1" : "0");
/** Versions of tshark differ in how they write a flag. */
const plain = (value: string): string => (value === "True" ? "1" : value === "False" ? "0" : value);

/** The same out of our own decoder; undefined for what it does not take. */
function expected({ frame }: CapturedFrame): Partial<Row> | undefined {
  const decoded = decodeMessage(frame.subarray(0, pduLength(frame)));
  if (!decoded.ok || decoded.message.type === "other") return undefined;
  const { message } = decoded;
  const row: Partial<Row> = {
    "omcisw.tci": hex(message.tci, 4),
    "omcisw.message_type": String(frame[2] & 0x1f),
    "omcisw.ar": flag((frame[2] & 0x40) !== 0),
    "omcisw.ak": flag((frame[2] & 0x20) !== 0),
    "omcisw.class": String(message.classId),
    "omcisw.instance": hex(message.instanceId, 4),
    "omcisw.result": "result" in message ? String(message.result) : "",
    "omcisw.section": "sectionNumber" in message ? String(message.sectionNumber) : "",
    "omcisw.window": "windowSections" in message ? String(message.windowSections) : "",
    "omcisw.image_size": "imageBytes" in message ? String(message.imageBytes) : "",
    "omcisw.image_crc": "crc32" in message ? hex(message.crc32, 8) : "",
    "omcisw.flags": "flags" in message ? String(message.flags) : "",
    "omcisw.attribute_mask": "attributeMask" in message ? hex(message.attributeMask, 4) : "",
    "omcisw.section_data": "data" in message ? Buffer.from(message.data).toString("hex") : "",
  };
  return row;
}

function expectSame(frames: readonly CapturedFrame[], rows: readonly Row[]): number {
  expect(rows).toHaveLength(frames.length);
  let compared = 0;
  frames.forEach((captured, index) => {
    const wanted = expected(captured);
    if (wanted === undefined) return;
    expect(rows[index], `frame ${index + 1}: ${Buffer.from(captured.frame).toString("hex")}`).toMatchObject(wanted);
    compared++;
  });
  return compared;
}

describe.runIf(hasTshark)("the dissector for Wireshark", () => {
  it("says of every vector what our decoder says", () => {
    const text = readFileSync("test/omci/omci-vectors.json", "utf8");
    const all = text.match(/(?<=")[0-9a-f]{80,}(?=")/g) ?? [];
    const frames = all
      .map((digits): CapturedFrame => {
        const frame = Uint8Array.from(Buffer.from(digits, "hex"));
        return { timeNs: 0, direction: (frame[2] & 0x20) !== 0 ? "up" : "down", onuId: 5, frame };
      })
      .filter(({ frame }) => frame[3] === 0x0a || frame[3] === 0x0b);
    const blocks: Uint8Array[] = [];
    const writer = new PcapngWriter((block) => blocks.push(block));
    for (const frame of frames) writer.frame(frame);
    const pcap = join(root, "vectors.pcapng");
    writeFileSync(pcap, Buffer.concat(blocks));
    expect(expectSame(frames, dissected(pcap))).toBeGreaterThan(20);
  });

  it.each(["extended", "baseline"])(
    "says of a whole run in %s what our decoder says, and links answers",
    async (messageSet) => {
      const pcap = join(root, `${messageSet}.pcapng`);
      const scenario = parseScenario(
        `onts: 3\nimage: { bytes: 40000 }\nolt: { messageSet: ${messageSet} }\nimpairments: [{ kind: loss, chance: 0.05 }]`,
        "run.yaml",
      );
      await runVirtual(scenario, { out: join(root, messageSet), pcap });
      const { frames } = readCapture(readFileSync(pcap));
      const rows = dissected(pcap);
      expect(expectSame(frames, rows)).toBe(frames.length);
      const commits = rows.filter(
        (row) => row["omcisw.message_type"] === String(MT.commitImage) && row["omcisw.ak"] === "1",
      );
      expect(commits.length).toBeGreaterThanOrEqual(3);
      for (const answer of commits) {
        const request = rows[Number(answer["omcisw.request_in"]) - 1];
        expect(request).toMatchObject({ "omcisw.tci": answer["omcisw.tci"], "omcisw.onu_id": answer["omcisw.onu_id"] });
      }
    },
  );
});
