/** The processes of a run are asked to stop twice where the first time took long: they end well all the same. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FromOlt, OltAddress } from "../../olt/process/index.ts";
import { describeFleet, makeStates, oltProcessConfigOf, ontProcessConfigOf } from "../../run/processes/index.ts";
import { prepareImages } from "../../run/images/index.ts";
import { parseScenario } from "../../scenarios/index.ts";
import { removeFolder } from "../support/folder.ts";

const dist = join(import.meta.dirname, "..", "..", "dist");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "poncast-stop-"));
});
afterEach(() => removeFolder(folder));

/** Sends `stop` twice in a row. @returns the exit code and what it printed */
async function stopTwice(child: ChildProcess): Promise<{ code: number | null; printed: string }> {
  let printed = "";
  child.stderr!.on("data", (bytes: Buffer) => (printed += bytes.toString()));
  const exited = once(child, "exit") as Promise<[number | null]>;
  // The second may find it gone already.
  for (let times = 0; times < 2; times++) child.send({ type: "stop" }, () => undefined);
  const [code] = await exited;
  return { code, printed };
}

const start = (bundle: string, config: object): ChildProcess => {
  const child = fork(join(dist, bundle), [], { serialization: "advanced", stdio: ["ignore", "ignore", "pipe", "ipc"] });
  child.send({ type: "start", config });
  return child;
};

test("stop, and stop again", async () => {
  const scenario = parseScenario("onts: 1\nimage: { bytes: 4096 }", "text");
  const images = prepareImages(scenario);
  const imagePath = join(folder, "image.bundle");
  writeFileSync(imagePath, images.bytes);
  const epochNs = process.hrtime.bigint();
  const olt = start("olt.js", oltProcessConfigOf(scenario, {}, [imagePath], epochNs));
  const address = await new Promise<OltAddress>((resolve) => {
    olt.on("message", (message: FromOlt) => {
      if (message.type === "listening") resolve(message.address);
    });
  });
  const fleet = describeFleet(scenario, images, folder);
  makeStates(fleet);
  const onts = fleet.map((ont) => ({ fleet: ont }));
  const ont = start("ont.cjs", ontProcessConfigOf(scenario, onts, address, epochNs));
  await new Promise<void>((resolve) => {
    ont.on("message", (message: { type: string }) => {
      if (message.type === "ready") resolve();
    });
  });
  expect(await stopTwice(ont)).toEqual({ code: 0, printed: "" });
  expect(await stopTwice(olt)).toEqual({ code: 0, printed: "" });
});
