/** Writes the WebAssembly kernels into the modules beside their texts: `npm run kernels`. Needs none of them, as docs would. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { kernelModules } from "./kernels.ts";

const root = join(import.meta.dirname, "..");
for (const { path, source } of await kernelModules(root)) writeFileSync(join(root, path), source);
