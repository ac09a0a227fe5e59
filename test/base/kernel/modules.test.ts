/** The kernels' modules are what their texts say: nobody edits one and forgets the other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { kernelModules } from "../../../docs/kernels.ts";

it("the modules are those assembled from the texts", async () => {
  const root = join(import.meta.dirname, "../../..");
  const modules = await kernelModules(root);
  expect(modules.map(({ path }) => path)).toEqual(["base/kernel/modules.ts", "image/delta/kernel/modules.ts"]);
  for (const { path, source } of modules)
    expect(readFileSync(join(root, path), "utf8"), "npm run kernels writes it").toBe(source);
});
