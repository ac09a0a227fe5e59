/**
 * What a case of the catalogue is made of. Cases are data: the runner carries them out, and docs/conformance.md is
 * written from them.
 */
import type { MessageSet } from "../../omci/index.ts";
import type { Tester } from "./tester.ts";

/** What has to be so before a case's steps; `preconditions.ts` says how it is brought about. */
export type Precondition =
  /** An image to download was given, and the target is not known to refuse it. */
  | "image"
  /** S1 or S3: one image runs and is committed, the other is free, no download is under way. */
  | "free"
  /** S3: the image was downloaded into the free instance and is valid. */
  | "stored"
  /** S4: the downloaded image runs and is not committed. */
  | "trial"
  /** The target's power can be switched. */
  | "powerSwitch"
  /** The link carries a trailer. */
  | "trailer";

/** One step: what is done, in words for the page and in code. */
export interface Step {
  text: string;
  run: (tester: Tester) => unknown;
}

/** A case of the catalogue: data from which it is run and from which docs/conformance.md is made. */
export interface ConformCase {
  /** Group and name: `loss.middle`. */
  id: string;
  title: string;
  /** Where G.988 asks for it. */
  clause: string;
  /** `field`: G.988 leaves it open, but OLTs in the field count on it. */
  basis: "G.988" | "field";
  objective: string;
  preconditions: readonly Precondition[];
  steps: readonly Step[];
  pass: string;
  /** Message set the case is about; in a run of the other set it is left out. */
  only?: MessageSet;
}

/** One step of a case. */
export const step = (text: string, run: Step["run"]): Step => ({ text, run });
