/** A journal read by what docs/journal.md offers to those who do not use poncast. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { JOURNAL_SCHEMA, openJournal } from "../../../run/journal/index.ts";
import { removeFolder } from "../../support/folder.ts";

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "poncast-outsider-"));
afterAll(() => removeFolder(folder));
const has = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

describe("a journal", () => {
  it.runIf(has("protoc") && has("python3"))("is text to protoc after the script of docs/journal.md", () => {
    const page = readFileSync(join(root, "docs/journal.md"), "utf8");
    const script = join(folder, "journal.py");
    writeFileSync(script, /```python\n(.*?)```/s.exec(page)![1]!);
    const file = join(folder, "journal.binpb");
    const replay = `poncast run ${"x".repeat(300)}`;
    const header = {
      schema: JOURNAL_SCHEMA,
      version: "1",
      commit: "0123456789ab",
      scenario: "default",
      seed: 7,
      clock: "virtual",
      replay,
      onts: 2,
    };
    const { writer, close } = openJournal(file, { ...header, schema: JOURNAL_SCHEMA, clock: "virtual" });
    writer.write({ timeNs: 5, from: "ont", ont: 1, event: { type: "windowRefused", window: 3, missingSections: 9 } });
    writer.end({ timeNs: 6, from: "run", event: { type: "ended", outcome: "complete", exitCode: -1 } });
    close();
    const message = execFileSync("python3", [script, file]);
    const input = ["-I", "proto", "--decode=poncast.journal.Journal", "proto/journal.proto"];
    const text = execFileSync("protoc", input, { cwd: root, input: message, encoding: "utf8" }).replaceAll(/\s+/g, " ");
    expect(text.match(/records \{/g)).toHaveLength(3);
    expect(text).toContain(`replay: "${replay}" onts: 2`);
    expect(text).toContain("time_ns: 5 ont { window_refused { window: 3 missing_sections: 9 } } ont_number: 1");
    expect(text).toContain('ended { outcome: "complete" exit_code: -1 }');
  });
});
