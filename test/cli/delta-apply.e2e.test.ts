/** How much memory `delta apply` takes does not depend on how long the images are. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pair } from "../image/fixture.ts";
import { bundlePair } from "../image/long-pair.ts";
import { removeFolder } from "../support/folder.ts";

const MIB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), "poncast-delta-memory-"));
afterAll(() => removeFolder(folder));

/** MiB that the command holds at most, as the system counts them. */
function peakMib(name: string, payloadBytes: number): number {
  const at = (kind: string): string => join(folder, `${name}.${kind}`);
  const { base, target, delta } = bundlePair(payloadBytes);
  for (const [kind, bytes] of Object.entries({ base, delta })) writeFileSync(at(kind), bytes);
  const words = ["delta", "apply", at("base"), at("delta"), "--key", join(folder, "key"), "--out", at("out")];
  // Told at its end, of its own memory: `maxRSS` begins with that of the process by which it was started.
  const teller = `process.on("exit", () => { const { readFileSync, writeFileSync } = require("node:fs"); writeFileSync(${JSON.stringify(at("status"))}, readFileSync("/proc/self/status")); })`;
  writeFileSync(at("cjs"), teller);
  execFileSync(process.execPath, ["--require", at("cjs"), resolve("cli/poncast.mjs"), ...words]);
  expect(Buffer.compare(readFileSync(at("out")), target)).toBe(0);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(at("status"), "utf8"))![1]) / 1024;
}

test.runIf(process.platform === "linux")(
  "images of 100 MiB take no more than such of 4, give or take what is being cleared away",
  () => {
    writeFileSync(join(folder, "key"), pair.publicPem);
    const [short, long] = [peakMib("short", 4 * MIB), peakMib("long", 100 * MIB)];
    // Either image alone would be 96 MiB more.
    expect(long - short).toBeLessThan(48);
  },
);
