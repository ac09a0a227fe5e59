/** What a scenario says of the image that is distributed. */
import { Schema } from "effect";
import { choice, field, integer, maybe, part, prose, text, whole } from "./fields.ts";
import { LIMITS } from "./limits.ts";

const SECURITY_VERSION_MAX = 0xffffffff;
export const securityVersion = integer(0, SECURITY_VERSION_MAX);

export const image = part(
  {
    file: maybe(prose, "A bundle made by `poncast pack`; without one an image is made from the seed.", "fw.bundle"),
    keyFile: maybe(prose, "Public key (PEM) of the signer of `file`, which the ONTs trust.", "me.pub.pem"),
    bytes: field(whole(1024, LIMITS.imageBytes, "bytes"), 8 * 1024 * 1024, "Size of the payload that is made."),
    version: field(text(1, 14), "PONCAST-2.0.0", "Version of the image, as the ONTs show it."),
    productCode: field(
      text(0, 25),
      "PONCAST-ONT",
      "Product that the image is for; an ONT of another refuses it. Empty: any.",
    ),
    hardware: field(Schema.Array(text(1, 14)), ["HW-1"], "Hardware versions that the image runs on."),
    minimumVersion: field(text(0, 14), "", "Oldest running version that the image may replace; empty: any."),
    securityVersion: field(securityVersion, 0, "ONTs that have committed to a higher one refuse the image."),
    fault: field(
      choice("none", "wrongKey", "flippedByte", "truncated"),
      "none",
      "A fault put into the image on purpose.",
    ),
  },
  "The image that is distributed.",
);
