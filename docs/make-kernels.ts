/** Writes the WebAssembly kernels into base/kernel/modules.ts: `npm run kernels`. Needs none of them, as docs would. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { kernelModules } from "./kernels.ts";

const root = join(import.meta.dirname, "..");
writeFileSync(join(root, "base/kernel/modules.ts"), await kernelModules(root));
