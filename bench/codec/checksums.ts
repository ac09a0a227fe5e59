/** What CRC-32, AES-CMAC and a datagram's seal cost, beside Node's native code for the nearest thing to each. */
import { createCipheriv } from "node:crypto";
import { crc32 as mirroredCrc32 } from "node:zlib";
import { AesCmac, crc32 } from "../../base/kernel/index.ts";
import { LinkSeal, SEAL_BYTES, SEAL_KIND } from "../../pon/seal/seal.ts";
import type { Bench } from "../harness.ts";
import { limitsOf, noise } from "./limits.ts";

/** A checksum over pieces of one length. */
export interface ChecksumCase {
  name: string;
  pieceBytes: number;
  ours: Bench;
  /** The nearest that Node has in native code. */
  native: Bench;
  copy: Bench;
  sha256: Bench;
}

const BUFFER_BYTES = 1 << 20;

function each(bytes: Uint8Array, pieceBytes: number, sum: (start: number, end: number) => number) {
  const pieces = Math.floor(bytes.length / pieceBytes);
  return (operations: number): number => {
    let all = 0;
    for (let done = 0; done < operations; done++) {
      const start = (done % pieces) * pieceBytes;
      all ^= sum(start, start + pieceBytes);
    }
    return all;
  };
}

function crcCase(pieceBytes: number): ChecksumCase {
  const bytes = noise(Math.max(pieceBytes, Math.min(BUFFER_BYTES, 30 * pieceBytes)));
  const name = `CRC-32 of ${pieceBytes} B`;
  return {
    name,
    pieceBytes,
    ours: { name, bytes: pieceBytes, run: each(bytes, pieceBytes, (start, end) => crc32(bytes, start, end)) },
    native: {
      name: `${name}: CRC-32 of zlib, least significant bit first`,
      bytes: pieceBytes,
      run: each(bytes, pieceBytes, (start, end) => mirroredCrc32(bytes.subarray(start, end))),
    },
    ...limitsOf(name, bytes, pieceBytes),
  };
}

/** One byte for the direction, then the PDU. */
function cmacCase(pieceBytes: number): ChecksumCase {
  const bytes = noise(30 * pieceBytes);
  const name = `AES-CMAC of ${pieceBytes} B`;
  const key = noise(16);
  const cmac = new AesCmac(key);
  const cipher = createCipheriv("aes-128-cbc", key, noise(16)).setAutoPadding(false);
  const whole = pieceBytes - (pieceBytes % 16);
  return {
    name,
    pieceBytes,
    ours: {
      name,
      bytes: pieceBytes,
      run: each(bytes, pieceBytes, (start, end) => cmac.shortMac(1, bytes, start + 1, end)),
    },
    native: {
      name: `${name}: AES-128-CBC of its whole blocks, one cipher for all`,
      bytes: pieceBytes,
      run: each(bytes, pieceBytes, (start) => cipher.update(bytes.subarray(start, start + whole))[0]),
    },
    ...limitsOf(name, bytes, pieceBytes),
  };
}

/** A sealed datagram is opened: its tag is made and compared, and the datagram is in the kernel's memory, where it is read next. */
function sealCase(datagramBytes: number): ChecksumCase {
  const name = `Seal of a datagram of ${datagramBytes} B`;
  const key = noise(16);
  const seal = new LinkSeal(key);
  const datagram = noise(datagramBytes);
  seal.seal(datagram, datagramBytes, SEAL_KIND.broadcast, 1, 1);
  const nonce = noise(12);
  const gmac = (bytes: Uint8Array): number => {
    const cipher = createCipheriv("aes-128-gcm", key, nonce).setAAD(bytes);
    cipher.final();
    return cipher.getAuthTag()[0];
  };
  return {
    name,
    pieceBytes: datagramBytes,
    ours: { name, bytes: datagramBytes, run: each(datagram, datagramBytes, () => (seal.open(datagram) ? 1 : 0)) },
    native: {
      name: `${name}: GMAC of its content, a cipher for each`,
      bytes: datagramBytes,
      run: each(datagram, datagramBytes, () => gmac(datagram.subarray(SEAL_BYTES))),
    },
    ...limitsOf(name, datagram, datagramBytes),
  };
}

export const checksumCases = (): ChecksumCase[] => [
  ...[44, 128, 1976, 65_536, BUFFER_BYTES].map(crcCase),
  ...[45, 1977].map(cmacCase),
  ...[1472, 8800, 65_000].map(sealCase),
];
