/** What an ONT told of itself. */

export interface OntImageFacts {
  readonly version: string;
  readonly committed: boolean;
  readonly active: boolean;
  readonly valid: boolean;
}

/** How much of the multicast extension an ONT knows: each includes those before it. */
export type Extension =
  | "none"
  /** Answers Gets on the recovery ME (class 65280). */
  | "recovery"
  /** Takes parity sections, as far as known. */
  | "parity";

/** Never changed in place: what is learned makes new facts. */
export interface OntFacts {
  /** Takes the extended message set. */
  readonly extended: boolean;
  /** Empty: not told. */
  readonly productCode: string;
  readonly extension: Extension;
  /** Hardware version (ONU-G); empty: not told, or not asked. */
  readonly hardware: string;
  /** Rebuilds an image from a delta and what it runs (docs/extension.md, 7); false where it was not asked. */
  readonly appliesDeltas: boolean;
  /** First 16 octets of the SHA-256 of the image that runs, hexadecimal; empty: not told. */
  readonly runningImage: string;
  /** Takes windows in any order, and tells what it holds of an image (docs/extension.md, 7). */
  readonly canPlace: boolean;
  readonly images: readonly [OntImageFacts, OntImageFacts];
}

const UNKNOWN_IMAGE: OntImageFacts = { version: "", committed: false, active: false, valid: false };

/** Before anything was told. */
export const NO_FACTS: OntFacts = {
  extended: false,
  productCode: "",
  extension: "none",
  hardware: "",
  appliesDeltas: false,
  runningImage: "",
  canPlace: false,
  images: [UNKNOWN_IMAGE, UNKNOWN_IMAGE],
};

/** -1: none. */
export const activeInstanceOf = ({ images }: OntFacts): number => images.findIndex((image) => image.active);
export const committedInstanceOf = ({ images }: OntFacts): number => images.findIndex((image) => image.committed);
