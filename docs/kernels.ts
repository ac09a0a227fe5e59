/** Assembles the WebAssembly kernels (`base/kernel/*.wat`) into base/kernel/modules.ts. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import wabt from "wabt";

/** Constant in modules.ts → its text. */
const TEXTS = { AES: "aes.wat", FRAMES: "frames.wat", PARITY: "parity/parity.wat" } as const;

const FEATURES = { simd: true, bulk_memory: true };

/** @param root of the project. @returns the source of modules.ts */
export async function kernelModules(root: string): Promise<string> {
  const tools = await wabt();
  const modules = Object.entries(TEXTS).map(([name, path]) => {
    const parsed = tools.parseWat(basename(path), readFileSync(join(root, "base/kernel", path), "utf8"), FEATURES);
    parsed.validate();
    const { buffer } = parsed.toBinary({});
    parsed.destroy();
    return `/** Of ${path}. */\nexport const ${name} =\n  "${Buffer.from(buffer).toString("base64")}";\n`;
  });
  return `/** The WebAssembly kernels, made from the texts beside this file by \`npm run docs\`: not to be edited. */\n\n${modules.join("\n")}`;
}
