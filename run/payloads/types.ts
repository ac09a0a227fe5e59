/** What may go over the fibre in a run, for whom, and what of it does. */

/** One file that an OLT may send. */
export interface PayloadFacts {
  /** For people: "image", "image HW-2", "delta PONCAST-1.0.0", "delta PONCAST-1.0.0 HW-2". */
  name: string;
  kind: "image" | "delta";
  bytes: number;
  /** Version that a delta is from; null: an image. */
  baseVersion: string | null;
  /** Hardware versions that it is for; empty: any. */
  hardware: readonly string[];
}

/** A payload that goes out, and to how many. */
export interface PlannedPayload extends PayloadFacts {
  /** Of what those run then who are sent it: its own, or of the image that a delta makes. */
  imageBytes: number;
  /** ONTs that it is for, of all ports. */
  onts: number;
}

/** Which payloads a run sends, as decided before it starts. */
export interface PayloadPlan {
  /** Of the image by which copies are counted: the first one. */
  imageBytes: number;
  payloads: PlannedPayload[];
  /** What they come to on the fibre of all ports where nothing is lost: in multicast once for each, else once for each ONT. */
  bytes: number;
  /** The same if all were sent images. */
  wholeBytes: number;
  /** Deltas that are not sent, and why, a line each. */
  notes: string[];
}

/** How many ONTs are alike in what they may be sent. */
export interface OntKind {
  version: string;
  hardware: string;
  /** Applies deltas, and is told so. */
  takesDeltas: boolean;
  onts: number;
}
