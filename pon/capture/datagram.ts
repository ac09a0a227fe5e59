/** OMCI frames in UDP datagrams: our own transport (GEM bursts, sealed or not), OB-BAA's relay, one bare frame each. */
import { BROADCAST_PORT, GemReader, RANGING_PORT } from "../gem.ts";
import { SEAL_BYTES } from "../seal/seal.ts";
import { bareFrame } from "./bare.ts";
import type { LinkFrame } from "./link-frame.ts";

/** "PONS": a datagram of ours with a seal in front. */
const SEAL_MARK = 0x504f4e53;
/** OB-BAA: name of the channel termination, filled up with NULs, then the ONU-ID. */
const TERMINATION_BYTES = 30;
const RELAY_HEADER_BYTES = TERMINATION_BYTES + 2;

/** @returns the frames in what a datagram carries; none when it is something else */
export function framesOfDatagram(payload: Uint8Array): LinkFrame[] {
  const bare = bareFrame(payload);
  if (bare !== undefined) return [{ frame: bare }];
  const relayed = relayedFrame(payload);
  return relayed === undefined ? gemFrames(payload) : [relayed];
}

/** A frame in OB-BAA's relay (TR-451), as it is in a datagram. */
export function relayedFrame(payload: Uint8Array): LinkFrame | undefined {
  if (payload.length <= RELAY_HEADER_BYTES) return undefined;
  const frame = bareFrame(payload.subarray(RELAY_HEADER_BYTES));
  if (frame === undefined) return undefined;
  let letters = 0;
  while (letters < TERMINATION_BYTES && payload[letters] >= 0x20 && payload[letters] < 0x7f) letters++;
  for (let at = letters; at < TERMINATION_BYTES; at++) if (payload[at] !== 0) return undefined;
  const onuId = (payload[TERMINATION_BYTES] << 8) | payload[TERMINATION_BYTES + 1];
  const pon = Buffer.from(payload.subarray(0, letters)).toString("latin1");
  return { frame, onuId, ...(letters > 0 && { pon }) };
}

function gemFrames(payload: Uint8Array): LinkFrame[] {
  const isSealed =
    payload.length > SEAL_BYTES && new DataView(payload.buffer, payload.byteOffset).getUint32(0) === SEAL_MARK;
  const gem = new GemReader();
  gem.start(payload, isSealed ? SEAL_BYTES : 0);
  const frames: LinkFrame[] = [];
  while (gem.next()) {
    if (gem.portId === RANGING_PORT) continue;
    const frame = bareFrame(payload.subarray(gem.payloadStart, gem.payloadEnd));
    if (frame !== undefined) frames.push({ frame, onuId: gem.portId === BROADCAST_PORT ? -1 : gem.portId });
  }
  return frames;
}
