/** Captures of cases when the command is interrupted: what was begun is gone, what was finished is whole. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { readCapture } from "../../pon/capture/index.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { selectCases } from "../../conform/core/select.ts";
import { serve } from "./udp-ont.ts";
import { removeFolder } from "../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-captures-"));
afterAll(() => removeFolder(root));

describe("Ctrl-C while an ONT is silent", () => {
  it("with Ctrl-C in the command leaves no folder that was not there", async () => {
    const silent = await serve(() => child.kill("SIGINT"));
    const folder = join(root, "interrupted");
    const words = ["conform", "ont", `udp://127.0.0.1:${silent.port}`, "--only", "me.*", "--pcap", folder];
    const child = spawn(process.execPath, [resolve("cli/poncast.mjs"), ...words], { stdio: "ignore" });
    expect(await new Promise((done) => child.on("close", done))).toBe(130);
    expect(silent.datagrams).toBeGreaterThan(0);
    expect(existsSync(folder)).toBe(false);
    silent.close();
  });
});

describe("Ctrl-C in a run in virtual time", () => {
  it("is heard between two cases, and the captures made so far are whole", async () => {
    const folder = join(root, "virtual");
    const image = join(root, "image.bin");
    writeFileSync(image, Buffer.alloc(120_000, "poncast"));
    const words = ["conform", "ont", "--self", "--image", image, "--pcap", folder];
    const child = spawn(process.execPath, [resolve("cli/poncast.mjs"), ...words], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let out = "";
    child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
    child.stdout.once("data", () => child.kill("SIGINT"));
    expect(await new Promise((done) => child.on("close", done))).toBe(130);
    const ids = [...stripVTControlCharacters(out).matchAll(/^pass {2}(\S+)/gm)].map(([, id]) => id!);
    expect(readdirSync(folder).sort()).toEqual(ids.map((id) => `${id}.pcapng`).sort());
    const all = selectCases(catalogue, { only: [], skip: [], messageSet: "baseline" });
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.length).toBeLessThan(all.length);
    for (const id of ids) expect(lastCommentOf(join(folder, `${id}.pcapng`))).toContain(`${id}: pass`);
  });
});

function lastCommentOf(file: string): string | undefined {
  const { frames, fault } = readCapture(new Uint8Array(readFileSync(file)));
  expect(fault).toBe("");
  return frames.at(-1)!.comment;
}
