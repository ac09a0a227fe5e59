/** Bundles of any length and the delta between them, made in no time: the one is the other but for an octet here and there. */
import { createHash } from "node:crypto";
import { layOutBlock, packBlockSync } from "../../image/delta/block.ts";
import { encodeHead } from "../../image/delta/head.ts";
import { NO_AIM } from "../../image/delta/tables.ts";
import { buildBundle, DELTA_ALGORITHM } from "../../image/index.ts";
import { crc32, fields, pair } from "./fixture.ts";

const BLOCK_BYTES = 1024 * 1024;
const CHANGED_EVERY_BYTES = 100_003;

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** Octets that do not repeat within a block. */
function payloadOf(bytes: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let i = 0, word = 1; i < words.length; i++) words[i] = word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
  return new Uint8Array(words.buffer, 0, bytes);
}

function deltaBetween(base: Uint8Array, target: Uint8Array): Uint8Array {
  const ops = Int32Array.of(0, 0, target.length);
  const blocks = [];
  for (let from = 0; from < target.length; from += BLOCK_BYTES) {
    const to = Math.min(from + BLOCK_BYTES, target.length);
    const block = target.subarray(from, to);
    const laidOut = layOutBlock({ base, target, ops, firstOp: 0, from, to, aimer: undefined });
    blocks.push({ body: packBlockSync(laidOut, block, 10), digest: sha256(block) });
  }
  const head = encodeHead(
    {
      filter: "none",
      blockBytes: BLOCK_BYTES,
      baseBytes: base.length,
      targetBytes: target.length,
      baseSha256: sha256(base),
      targetSha256: sha256(target),
      aim: NO_AIM,
    },
    blocks,
    new Uint8Array(0),
    0,
  );
  return Buffer.concat([head, ...blocks.map(({ body }) => body)]);
}

/** @param bytes of each payload */
export function bundlePair(bytes: number): { base: Uint8Array; target: Uint8Array; delta: Uint8Array } {
  const payload = payloadOf(bytes);
  const base = buildBundle({ ...fields, version: "2.0.0" }, payload, pair.privatePem);
  for (let at = 7; at < payload.length; at += CHANGED_EVERY_BYTES) payload[at] ^= 0x55;
  const target = buildBundle(fields, payload, pair.privatePem);
  const facts = {
    algorithm: DELTA_ALGORITHM,
    baseVersion: "2.0.0",
    baseSha256: sha256(base).toString("hex"),
    baseBytes: base.length,
    targetSha256: sha256(target).toString("hex"),
    targetBytes: target.length,
    targetCrc32: crc32.finish(crc32.update(crc32.init, target)),
  };
  return { base, target, delta: buildBundle({ ...fields, delta: facts }, deltaBetween(base, target), pair.privatePem) };
}
