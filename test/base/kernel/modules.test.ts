/** The kernels' modules are what their texts say: nobody edits one and forgets the other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { kernelModules } from "../../../docs/kernels.ts";

it("the modules are those assembled from the texts", async () => {
  const root = join(import.meta.dirname, "../../..");
  const kept = readFileSync(join(root, "base/kernel/modules.ts"), "utf8");
  expect(kept, "npm run kernels writes it").toBe(await kernelModules(root));
});
