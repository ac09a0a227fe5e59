/** A capture file as tshark reads it, where that is installed. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CapturedFrame, PcapngWriter } from "../../../pon/capture/index.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-tshark-"));
afterAll(() => removeFolder(root));

function written(frames: readonly CapturedFrame[]): Buffer {
  const blocks: Uint8Array[] = [];
  const writer = new PcapngWriter((block) => blocks.push(block));
  for (const frame of frames) writer.frame(frame);
  return Buffer.concat(blocks);
}

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
describe.runIf(hasTshark)("tshark", () => {
  it("sees times, addresses and comments as they were written", () => {
    const path = join(root, "tshark.pcapng");
    writeFileSync(
      path,
      written([
        { timeNs: 1_234_567_891, direction: "down", onuId: 7, frame: new Uint8Array(48), comment: "lost: ü" },
        { timeNs: 2_000_000_000, direction: "up", onuId: 8, frame: new Uint8Array(48) },
      ]),
    );
    const fields = ["frame.time_epoch", "eth.src", "eth.dst", "eth.type", "frame.comment"];
    const words = ["-r", path, "-T", "fields", ...fields.flatMap((field) => ["-e", field])];
    const text = execFileSync("tshark", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    expect(text.replace(/\n$/, "").split("\n")).toEqual([
      "1.234567891\t02:50:4f:00:00:00\t02:50:4f:00:01:07\t0x88b5\tlost: ü",
      "2.000000000\t02:50:4f:00:01:08\t02:50:4f:00:00:00\t0x88b5\t",
    ]);
  });
});
