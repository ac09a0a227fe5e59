/**
 * A bundle of several payloads is cut into slices, one for each: header, payload, seal. A slice is what a device is sent and
 * keeps, and is a bundle that is checked alone. No key is needed to cut; a bundle of one payload is its own slice.
 */
import { ImageError } from "./error.ts";
import {
  HEADER_BYTES_MAX,
  MAGIC,
  MANIFEST_AT,
  MANIFEST_BYTES_MAX,
  SEAL_BYTES,
  SIGNATURE_BYTES,
  manifestLengthOf,
  startsLikeBundle,
} from "./format.ts";
import { decodeManifest } from "./manifest.ts";
import type { Manifest, Variant } from "./types.ts";

const magicText = JSON.stringify(Buffer.from(MAGIC).toString("latin1"));

export interface BundleHeader {
  manifest: Manifest;
  headerBytes: number;
}

/**
 * The header of a bundle; its signature is not checked.
 *
 * @param bytes the first of the file, `HEADER_BYTES_MAX` where it has as many
 * @throws ImageError when they are those of no bundle
 */
export function headerOf(bytes: Uint8Array): BundleHeader {
  if (!startsLikeBundle(bytes)) throw new ImageError(`does not begin with ${magicText}`);
  if (bytes.length < MANIFEST_AT) throw new ImageError("too short for a bundle");
  const manifestBytes = manifestLengthOf(bytes);
  if (manifestBytes > MANIFEST_BYTES_MAX)
    throw new ImageError(`manifest of ${manifestBytes} bytes; at most ${MANIFEST_BYTES_MAX} are allowed`);
  const headerBytes = MANIFEST_AT + manifestBytes + SIGNATURE_BYTES;
  if (bytes.length < headerBytes) throw new ImageError("too short for a bundle");
  return { manifest: decodeManifest(bytes.subarray(MANIFEST_AT, MANIFEST_AT + manifestBytes)), headerBytes };
}

/** Where a payload and its seal are in a file. */
export interface SlicePlace {
  /** Which of the manifest's variants it is; several where they are equally long and the file has one of them; none: no variants. */
  variants: readonly Variant[];
  /** Offset of the payload in the file; the seal follows it. */
  payloadAt: number;
  payloadBytes: number;
  /** Header, payload and seal. */
  sliceBytes: number;
}

/**
 * What a file of this length has behind its header: all of the manifest's payloads, or a single one.
 *
 * @throws ImageError when it is neither
 */
export function slicePlaces({ manifest, headerBytes }: BundleHeader, fileBytes: number): SlicePlace[] {
  const { variants, payloadBytes } = manifest;
  const place = (payload: number, payloadAt: number, own: readonly Variant[]): SlicePlace => ({
    variants: own,
    payloadAt,
    payloadBytes: payload,
    sliceBytes: headerBytes + payload + SEAL_BYTES,
  });
  if (variants.length === 0) {
    const single = place(payloadBytes, headerBytes, []);
    if (single.sliceBytes === fileBytes) return [single];
    throw new ImageError(`${fileBytes} bytes; the manifest makes it ${single.sliceBytes}`);
  }
  let at = headerBytes;
  const all = variants.map((variant) => {
    const payloadAt = at;
    at += variant.payloadBytes + SEAL_BYTES;
    return place(variant.payloadBytes, payloadAt, [variant]);
  });
  if (at === fileBytes) return all;
  const own = variants.filter((variant) => headerBytes + variant.payloadBytes + SEAL_BYTES === fileBytes);
  if (own.length > 0) return [place(own[0].payloadBytes, headerBytes, own)];
  throw new ImageError(
    `${fileBytes} bytes; the manifest makes it ${at} with its ${variants.length} payloads, ` +
      `${all.map(({ sliceBytes }) => sliceBytes).join(" or ")} with one of them`,
  );
}

/** Hardware that a slice is for. */
export const hardwareOf = (manifest: Manifest, { variants }: Pick<SlicePlace, "variants">): string[] =>
  variants.length === 0 ? manifest.hardware : variants.flatMap(({ hardware }) => hardware);

export interface BundleSlice {
  /** Hardware versions it is for. */
  hardware: readonly string[];
  /** Absent: the bundle has one payload for all, or this is one of several that are equally long. */
  variant?: Variant;
  /** A bundle by itself; a view where nothing is between its parts. */
  bytes: Uint8Array;
}

/**
 * All payloads of a bundle, each as a bundle of its own. Nothing of it is checked but that lengths fit.
 *
 * @param bundleBytes a whole bundle, or a slice of one, which is then the only one
 * @throws ImageError when it is no bundle
 */
export function slicesOf(bundleBytes: Uint8Array): BundleSlice[] {
  const header = headerOf(bundleBytes.subarray(0, HEADER_BYTES_MAX));
  const places = slicePlaces(header, bundleBytes.length);
  return places.map((place) => ({
    hardware: hardwareOf(header.manifest, place),
    ...(place.variants.length === 1 && { variant: place.variants[0] }),
    bytes: cut(bundleBytes, header.headerBytes, place),
  }));
}

function cut(bundle: Uint8Array, headerBytes: number, { payloadAt, sliceBytes }: SlicePlace): Uint8Array {
  if (payloadAt === headerBytes) return bundle.subarray(0, sliceBytes);
  const slice = new Uint8Array(sliceBytes);
  slice.set(bundle.subarray(0, headerBytes));
  slice.set(bundle.subarray(payloadAt, payloadAt + sliceBytes - headerBytes), headerBytes);
  return slice;
}

/**
 * What a device of this hardware is sent of a bundle.
 *
 * @throws ImageError when it is no bundle, or has nothing for this hardware
 */
export function sliceFor(bundleBytes: Uint8Array, hardware: string): Uint8Array {
  const header = headerOf(bundleBytes.subarray(0, HEADER_BYTES_MAX));
  const places = slicePlaces(header, bundleBytes.length);
  const found = places.find((place) => hardwareOf(header.manifest, place).includes(hardware));
  if (found !== undefined) return cut(bundleBytes, header.headerBytes, found);
  const list = places.flatMap((place) => hardwareOf(header.manifest, place)).join(", ");
  throw new ImageError(`bundle is for hardware ${list}, not ${hardware}`);
}
