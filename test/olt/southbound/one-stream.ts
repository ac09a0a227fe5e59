/** Many ONUs behind an OpenOLT server, on several interfaces: all of them are served from one stream. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { selfImages } from "../../../conform/targets/self.ts";
import { runOpenOlt } from "../../../run/foreign/runner.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import { OpenOltServer } from "./server.ts";
import { removeFolder } from "../../support/folder.ts";

export async function expectOneStream(onts: number, interfaces: number): Promise<void> {
  const images = selfImages();
  const folder = mkdtempSync(join(tmpdir(), "poncast-openolt-"));
  const server = await OpenOltServer.start({ speed: 20, images, onts, interfaces, tellsDown: false });
  try {
    const bundle = join(folder, "fw.bundle");
    writeFileSync(bundle, images.image.bytes);
    // On a busy machine answers take long: no window is to be sent again for that.
    const patient = "answerTimeoutMinMs: 20000, answerTimeoutMs: 20000";
    const olt = `mode: unicast, messageSet: extended, windowSections: 32, soakMs: 10, concurrency: 16, ${patient}`;
    const text = `name: openolt\nimage: { file: ${bundle} }\nonts: ${onts}\nolt: { ${olt} }\n`;
    const scenario = parseScenario(text, "test", []);
    const { result, reasons, exitCode } = await runOpenOlt(scenario, `127.0.0.1:${server.port}`, {
      out: join(folder, "run"),
    });
    expect(reasons).toEqual([]);
    expect(exitCode).toBe(0);
    expect(result.onts).toEqual({ total: onts, committed: onts, rolledBack: 0, failed: 0 });
    expect(new Set(result.ontResults.map(({ serial }) => serial)).size).toBe(onts);
    // Once at the start, once behind the restart.
    expect(server.calls.activate).toBe(2 * onts);
    // Nothing is lost on this way, and frames come in their order: nothing is to be repaired.
    expect(server.calls.overtaken).toBe(0);
    expect(result.ontResults.map(({ sectionsLost }) => sectionsLost)).toEqual(Array.from({ length: onts }, () => 0));
  } finally {
    server.close();
    removeFolder(folder);
  }
}
