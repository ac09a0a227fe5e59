/** Assembles the WebAssembly kernels (`.wat`) into the modules beside them. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import wabt from "wabt";

/** Module → its constants, and the text of each. */
const MODULES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "base/kernel/modules.ts": { AES: "aes.wat", FRAMES: "frames.wat", PARITY: "parity/parity.wat" },
  "image/delta/kernel/modules.ts": { AIM: "aim.wat" },
};

const FEATURES = { simd: true, bulk_memory: true };

/** @param root of the project. @returns of each module its path and source */
export async function kernelModules(root: string): Promise<{ path: string; source: string }[]> {
  const tools = await wabt();
  const assemble = (path: string): string => {
    const parsed = tools.parseWat(path, readFileSync(join(root, path), "utf8"), FEATURES);
    parsed.validate();
    const { buffer } = parsed.toBinary({});
    parsed.destroy();
    return Buffer.from(buffer).toString("base64");
  };
  return Object.entries(MODULES).map(([path, texts]) => {
    const constants = Object.entries(texts).map(
      ([name, text]) => `/** Of ${text}. */\nexport const ${name} =\n  "${assemble(join(dirname(path), text))}";\n`,
    );
    const head =
      "/** The WebAssembly kernels, made from the texts beside this file by `npm run kernels`: not to be edited. */";
    return { path, source: `${head}\n\n${constants.join("\n")}` };
  });
}
