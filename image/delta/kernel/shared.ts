/** The kernel of a process, made at first use. */
import { BEGINS, WITH_MODRM } from "../x64.ts";
import { type AimKernel, createAimKernel } from "./aim-kernel.ts";

/** Octets that an instruction which x86 aims begins with: CALL, JMP, 0F, REX.W. */
const isX86 = (octet: number): boolean => octet === 0xe8 || octet === 0xe9 || octet === 0x0f || (octet & 0xf8) === 0x48;

let shared: AimKernel | null | undefined;

/** @returns null where the engine has no WebAssembly SIMD */
export const aimKernel = (): AimKernel | null =>
  shared === undefined
    ? (shared = createAimKernel([BEGINS, BEGINS.map((begins, octet) => (isX86(octet) ? begins : 0)), WITH_MODRM]))
    : shared;
