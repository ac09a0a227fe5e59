/** SipHash-2-4 (Aumasson and Bernstein, 2012) in plain JavaScript; frames.wat has the fast one. */

const word = (value: bigint): bigint => BigInt.asUintN(64, value);
const turned = (value: bigint, bits: bigint): bigint => word(value << bits) | (value >> (64n - bits));

type State = [bigint, bigint, bigint, bigint];

function round([v0, v1, v2, v3]: State): State {
  v0 = word(v0 + v1);
  v1 = turned(v1, 13n) ^ v0;
  v0 = turned(v0, 32n);
  v2 = word(v2 + v3);
  v3 = turned(v3, 16n) ^ v2;
  v0 = word(v0 + v3);
  v3 = turned(v3, 21n) ^ v0;
  v2 = word(v2 + v1);
  v1 = turned(v1, 17n) ^ v2;
  v2 = turned(v2, 32n);
  return [v0, v1, v2, v3];
}

/** @param key 16 bytes. @returns 64 bits; written out, the least significant byte is the first */
export function sipHash(key: Uint8Array, message: Uint8Array): bigint {
  const keys = new DataView(key.buffer, key.byteOffset);
  const [k0, k1] = [keys.getBigUint64(0, true), keys.getBigUint64(8, true)];
  let state: State = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn,
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ];
  const padded = new DataView(new ArrayBuffer((message.length & ~7) + 8));
  new Uint8Array(padded.buffer).set(message);
  padded.setUint8(padded.byteLength - 1, message.length);
  for (let at = 0; at < padded.byteLength; at += 8) {
    const taken = padded.getBigUint64(at, true);
    state[3] ^= taken;
    state = round(round(state));
    state[0] ^= taken;
  }
  state[2] ^= 0xffn;
  const [v0, v1, v2, v3] = round(round(round(round(state))));
  return v0 ^ v1 ^ v2 ^ v3;
}
