/** AES-CMAC, held to another implementation, with the kernel and without. */
import { cmac } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { aesCmac, AesCmac } from "../../../base/kernel/index.ts";
import { bytes } from "../../omci/arbitrary.ts";

const key = bytes(16);
const message = fc.oneof(bytes(0, 70), bytes(240, 272), bytes(1970, 1990), bytes(16), bytes(48));

describe("AES-CMAC", () => {
  it("is what another implementation makes of it", () => {
    fc.assert(
      fc.property(key, message, (k, m) => {
        expect(aesCmac(k, m)).toEqual(cmac(m, k));
      }),
    );
  });

  it("of one message says nothing of the messages before it", () => {
    fc.assert(
      fc.property(key, fc.array(fc.tuple(message, fc.nat(255), fc.nat(9)), { maxLength: 12 }), (k, messages) => {
        const reused = new AesCmac(k);
        for (const [m, first, before] of messages) {
          const padded = Uint8Array.from([...new Uint8Array(before), ...m, 7]);
          const wanted = cmac(Uint8Array.from([first, ...m]), k);
          expect(reused.shortMac(first, padded, before, before + m.length)).toBe(
            new DataView(wanted.buffer, wanted.byteOffset).getUint32(0),
          );
          expect(reused.mac(m)).toEqual(cmac(m, k));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is the same where the engine has no WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const plain = await import("../../../base/kernel/cmac.ts");
    expect(plain.AesCmac).not.toBe(AesCmac);
    fc.assert(
      fc.property(key, fc.array(message, { minLength: 1, maxLength: 6 }), (k, messages) => {
        const reused = new plain.AesCmac(k);
        for (const m of messages) expect(reused.mac(m)).toEqual(cmac(m, k));
      }),
      { numRuns: 40 },
    );
    vi.unstubAllGlobals();
    // Files that come later in this worker get modules that saw the engine as it is.
    vi.resetModules();
  });

  it("of several keys in turn is that of each", () => {
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 2, maxLength: 4 }),
        fc.array(message, { maxLength: 8 }),
        (keys, messages) => {
          const macs = keys.map((k) => new AesCmac(k));
          messages.forEach((m, turn) => {
            const which = turn % keys.length;
            expect(macs[which].mac(m)).toEqual(cmac(m, keys[which]));
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("wants a key of 16 bytes", () => {
    expect(() => new AesCmac(new Uint8Array(15))).toThrow("15 bytes");
  });
});
