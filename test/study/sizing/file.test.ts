/** The model of the road file beside what runs in virtual time take. */
import { expect, it } from "vitest";
import { prepareImages } from "../../../run/index.ts";
import { simulate } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { sizeFile } from "../../../study/sizing/index.ts";

const image = { bytes: 2_000_000, deltas: [{ base: "PONCAST-1.0.0", changed: 0.1 }] };
const slow = { flashEraseMs: 3_000, flashWriteBytesPerSecond: 500_000, flashVerifyBytesPerSecond: 2_000_000 };

it.each([
  ["visits", { image: { bytes: 1_000_000 }, updateZip: { everySeconds: 600 } }, 0.01],
  ["a slow stick, all at once", { image: { bytes: 4_000_000 }, updateZip: { readBytesPerSecond: 200_000 } }, 0.15],
  ["slow flash, all at once", { image: { bytes: 4_000_000 }, ont: slow }, 0.15],
  [
    "deltas for most",
    { image, fleet: [{ share: 0.75 }, { version: "PONCAST-0.9.0" }], updateZip: { everySeconds: 60 } },
    0.02,
  ],
])("%s", (_name, more, tolerance) => {
  const asked = { road: "file", onts: 12, olt: { runSeconds: 20_000 }, ...more };
  const scenario = parseScenario(JSON.stringify(asked), "file.yaml");
  const images = prepareImages(scenario);
  const { seconds100, bytesPerDevice, copies, onts } = sizeFile(scenario, images.plan);
  const { result } = simulate(scenario, { images });
  expect([result.onts.committed, onts, copies, result.downstream.imageCopies]).toEqual([12, 12, 0, 0]);
  const readBytes = result.groups.reduce((sum, group) => sum + group.copies * result.image.bytes, 0);
  expect(Math.abs((bytesPerDevice * onts) / readBytes - 1)).toBeLessThan(0.001);
  // When each looks next is chance: a second or two of it.
  const off = seconds100 / result.timing.downloadSeconds! - 1;
  expect(Math.abs(off), `${seconds100} s, ${result.timing.downloadSeconds} s in a run`).toBeLessThan(tolerance);
});
