/** Makes a kernel of a module in modules.ts: text beside it (.wat), assembled when it is written and not when it runs. */

/** What every kernel has beside its functions. Addresses are exported too, so that they stand in the text alone. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
}

/**
 * @param module in base64. @returns what it exports; undefined where the engine has no WebAssembly SIMD.
 */
export function instantiate<Exports extends KernelExports>(module: string): Exports | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  try {
    // The attempt is the test: to validate first would read the module twice, in each of 128 processes.
    const compiled = new WebAssembly.Module(Buffer.from(module, "base64"));
    return new WebAssembly.Instance(compiled).exports as WebAssembly.Exports & Exports;
  } catch {
    return undefined;
  }
}
