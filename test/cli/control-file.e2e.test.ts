/** What `poncast control` says where a run's file cannot be read. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

it("is one line and exit code 2", () => {
  const folder = mkdtempSync(join(tmpdir(), "poncast-control-"));
  try {
    writeFileSync(join(folder, "control.json"), "{");
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, "../../cli/poncast.mjs"), "control", folder, "status"],
      {
        encoding: "utf8",
      },
    );
    expect(status).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("control.json: cannot be read");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
