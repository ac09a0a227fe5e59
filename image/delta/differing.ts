/** How many octets of two pieces differ. */
import { aimKernel } from "./kernel/shared.ts";
import { KERNEL_PIECE_BYTES } from "./kernel/aim-kernel.ts";

/** @param to as long as `from` */
export function differing(from: Uint8Array, to: Uint8Array): number {
  const kernel = from.length <= KERNEL_PIECE_BYTES ? aimKernel() : null;
  return kernel ? kernel.differing(from, to) : differingPlain(from, to);
}

/** Where there is no WebAssembly. */
export function differingPlain(from: Uint8Array, to: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < from.length; i++) if (from[i] !== to[i]) count++;
  return count;
}
