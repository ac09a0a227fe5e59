/** What parity costs the OLT for one window, and an ONT that repairs what it lost of it. */
import { ParityEncoder, repairWindow } from "../../base/kernel/parity/parity.ts";
import type { Bench } from "../harness.ts";
import { limitsOf, noise } from "./limits.ts";

/** Parity sections of one window, and the repair of as many lost sections. */
export interface ParityCase {
  name: string;
  windowBytes: number;
  encode: Bench;
  repair: Bench;
  copy: Bench;
  sha256: Bench;
}

function parityCase(sections: number, sectionBytes: number, parity: number): ParityCase {
  const name = `${sections} × ${sectionBytes} B, ${parity} parity`;
  const windowBytes = sections * sectionBytes;
  const data = noise(windowBytes);
  const encoder = new ParityEncoder();
  const rows = new Uint8Array(parity * sectionBytes);
  const makeRows = (): void => {
    encoder.begin(sections, sectionBytes, data, 0, sectionBytes, sectionBytes);
    for (let row = 0; row < parity; row++) encoder.row(row, rows, row * sectionBytes);
  };
  makeRows();
  const window = data.slice();
  const missing = Array.from({ length: parity }, (_, index) => Math.floor((index * sections) / parity));
  const damaged = { sections, sectionBytes, window, missing, rows, rowNumbers: missing.map((_, row) => row) };
  const encode = (operations: number): number => {
    for (let done = 0; done < operations; done++) makeRows();
    return rows[0];
  };
  const repair = (operations: number): number => {
    for (let done = 0; done < operations; done++) {
      for (const section of missing) window.fill(0, section * sectionBytes, (section + 1) * sectionBytes);
      repairWindow(damaged);
    }
    if (Buffer.compare(window, data) !== 0) throw new Error(`${name}: the window is not as it was`);
    return window[0];
  };
  return {
    name,
    windowBytes,
    encode: { name: `${name}: encode`, bytes: windowBytes, run: encode },
    repair: { name: `${name}: repair`, bytes: windowBytes, run: repair },
    ...limitsOf(name, data, windowBytes),
  };
}

export const parityCases = (): ParityCase[] => [
  parityCase(240, 1965, 1),
  parityCase(240, 1965, 4),
  parityCase(240, 1965, 16),
  parityCase(128, 31, 4),
];
