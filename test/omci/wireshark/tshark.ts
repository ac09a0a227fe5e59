/** Runs tshark with our dissector over frames that are written as a capture of ours. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CapturedFrame, PcapngWriter } from "../../../pon/capture/index.ts";

export const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
if (!hasTshark) process.stderr.write("tshark is not installed: the Wireshark dissector is not tested\n");

export function tshark(pcap: string, words: readonly string[]): string {
  const script = `lua_script:${resolve("omci/wireshark/poncast_omci.lua")}`;
  const all = ["-X", script, "-r", pcap, "-2", ...words];
  return execFileSync("tshark", all, { encoding: "utf8", maxBuffer: 1e9, stdio: ["ignore", "pipe", "pipe"] });
}

/** Versions of tshark differ in how they write a flag. */
export const plain = (value: string): string => (value === "True" ? "1" : value === "False" ? "0" : value);
/** @returns the file's path */
export function capture(root: string, name: string, frames: readonly CapturedFrame[]): string {
  const blocks: Uint8Array[] = [];
  const writer = new PcapngWriter((block) => blocks.push(block));
  for (const frame of frames) writer.frame(frame);
  const path = join(root, name);
  writeFileSync(path, Buffer.concat(blocks));
  return path;
}
