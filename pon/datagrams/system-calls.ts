/** Calls of the system that Node does not make, through koffi, an optional package: 64-bit Linux only. */
import { getSystemErrorName } from "node:util";

/** Looks at a descriptor in Node's own loop; it has to be kept, as what is collected looks no more. */
interface PollHandle {
  close(): void;
}

interface Koffi {
  load(path: null): { func(name: string, result: string, parameters: string[]): (...values: unknown[]) => number };
  address(bytes: ArrayBufferView): bigint;
  errno(): number;
  readonly node: { poll(descriptor: number, events: { readable: true }, callback: () => void): PollHandle };
}

/** Numbers are results as in C: -1 is a failure, of which `failure` knows more. */
export interface SystemCalls {
  socket(domain: number, type: number, protocol: number): number;
  bind(descriptor: number, address: Uint8Array, bytes: number): number;
  connect(descriptor: number, address: Uint8Array, bytes: number): number;
  setsockopt(descriptor: number, level: number, name: number, value: Uint8Array, bytes: number): number;
  getsockopt(descriptor: number, level: number, name: number, value: Uint8Array, bytes: Uint8Array): number;
  recvmmsg(descriptor: number, messages: bigint, count: number, flags: number, timeout: null): number;
  close(descriptor: number): number;
  /** Where memory is, for structures that point to it. It must be kept as long. */
  addressOf(bytes: ArrayBufferView): bigint;
  onReadable(descriptor: number, callback: () => void): PollHandle;
  /** Of the last call. */
  failure(): NodeJS.ErrnoException;
}

const NO_SYSTEM = "only Linux on x64 and arm64 has it";

function bindings(koffi: Koffi): SystemCalls {
  const library = koffi.load(null);
  const call = (name: string, ...parameters: string[]): ((...values: unknown[]) => number) =>
    library.func(name, "int", parameters);
  return {
    socket: call("socket", "int", "int", "int"),
    bind: call("bind", "int", "void *", "uint"),
    connect: call("connect", "int", "void *", "uint"),
    setsockopt: call("setsockopt", "int", "int", "int", "void *", "uint"),
    getsockopt: call("getsockopt", "int", "int", "int", "void *", "void *"),
    recvmmsg: call("recvmmsg", "int", "void *", "uint", "int", "void *"),
    close: call("close", "int"),
    addressOf: (bytes) => koffi.address(bytes),
    onReadable: (descriptor, callback) => koffi.node.poll(descriptor, { readable: true }, callback),
    failure: () => {
      const code = getSystemErrorName(-koffi.errno());
      return Object.assign(new Error(code), { code });
    },
  };
}

/** @returns why there are none, in a few words, where they cannot be had */
export async function systemCalls(): Promise<SystemCalls | string> {
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) return NO_SYSTEM;
  try {
    // Not bundled, as most of it is machine code; late, as it takes some milliseconds and is seldom of use.
    // Where npm has left it out there are no types of it either: it is loaded as something unknown.
    const { default: koffi } = (await import("koffi" as string)) as { default: Koffi };
    return bindings(koffi);
  } catch (error) {
    return (error as Error).message.split("\n", 1)[0];
  }
}
