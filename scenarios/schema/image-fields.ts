/** What a scenario says of the image that is distributed. */
import { Schema } from "effect";
import { choice, field, integer, maybe, part, prose, share, text, whole } from "./fields.ts";
import { LIMITS } from "./limits.ts";

const SECURITY_VERSION_MAX = 0xffffffff;
export const securityVersion = integer(0, SECURITY_VERSION_MAX);

const variant = Schema.Struct({
  hardware: field(
    Schema.Array(text(1, 14)).check(Schema.isMinLength(1)),
    ["HW-1"],
    "Hardware versions that this payload is for.",
  ),
  architecture: field(text(0, 16), "", "Instruction set, for people and for deltas.", "arm"),
  bytes: maybe(whole(1024, LIMITS.imageBytes, "bytes"), "Size of this payload; absent: `image.bytes`."),
});

const delta = Schema.Struct({
  base: maybe(text(1, 14), "Version that ONTs run, of which the image is made by a delta; with `file`, its own."),
  file: maybe(prose, "Bundle that these ONTs run; absent: it is made from the seed.", "old.bundle"),
  delta: maybe(prose, "A delta made by `poncast delta make`; absent: it is made when the run starts.", "d.bundle"),
  changed: field(share, 0.05, "Share of the image that differs in a base that is made from the seed."),
});

export const image = part(
  {
    file: maybe(prose, "A bundle made by `poncast pack`; without one an image is made from the seed.", "fw.bundle"),
    keyFile: maybe(prose, "Public key (PEM) of the signer of `file`, which the ONTs trust.", "me.pub.pem"),
    bytes: field(whole(1024, LIMITS.imageBytes, "bytes"), 8 * 1024 * 1024, "Size of the payload that is made."),
    payload: field(
      choice("made", "none"),
      "made",
      "none, in virtual time: the payload has a length and no bytes; CRC-32 and SHA-256 of the image are names, made from the seed. All else of the run is the same, in less time.",
    ),
    version: field(text(1, 14), "PONCAST-2.0.0", "Version of the image, as the ONTs show it."),
    productCode: field(
      text(0, 25),
      "PONCAST-ONT",
      "Product that the image is for; an ONT of another refuses it. Empty: any.",
    ),
    hardware: field(Schema.Array(text(1, 14)), ["HW-1"], "Hardware versions that the image runs on."),
    minimumVersion: field(text(0, 14), "", "Oldest running version that the image may replace; empty: any."),
    securityVersion: field(securityVersion, 0, "ONTs that have committed to a higher one refuse the image."),
    variants: field(
      Schema.Array(variant),
      [],
      "Payloads by hardware, in one image with one signature; empty: one payload for all of `hardware`.",
    ),
    deltas: field(
      Schema.Array(delta),
      [],
      "Bases from which ONTs that run them are sent a delta. Without `file` an image of that version is made which differs in a share.",
    ),
    deltaPolicy: field(
      choice("cheapest", "always", "never"),
      "cheapest",
      "cheapest: deltas only where they put fewer bytes on the fibre than the image does; always: wherever an ONT can use one; never: none, to compare with.",
    ),
    fault: field(
      choice("none", "wrongKey", "flippedByte", "truncated"),
      "none",
      "A fault put into the image on purpose.",
    ),
  },
  "The image that is distributed.",
);
