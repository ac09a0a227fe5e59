/** The part of the WebAssembly API used here: Node's own types leave it out. */
declare namespace WebAssembly {
  type Exports = object;
  class Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Global {
    readonly value: number;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: Exports;
  }
}
