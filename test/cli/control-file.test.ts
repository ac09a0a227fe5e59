/** What `poncast control` says where a run's file cannot be read. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commandHere } from "../support/command.ts";
import { removeFolder } from "../support/folder.ts";

it("is one line and exit code 2", async () => {
  const folder = mkdtempSync(join(tmpdir(), "poncast-control-"));
  try {
    writeFileSync(join(folder, "control.json"), "{");
    const { code, err } = await commandHere(["control", folder, "status"]);
    expect(code).toBe(2);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toContain("control.json: cannot be read");
  } finally {
    removeFolder(folder);
  }
});
