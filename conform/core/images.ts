/** The state of both images as the ONT itself reports it, held against the states of figure 9.1.4-1. */
import { maskOf, SOFTWARE_IMAGE, unpackAttributes } from "../../omci/index.ts";
import { CannotTest, CaseFailure } from "./failure.ts";
import type { TestLink } from "./link.ts";

/** The two images of the ONT itself (G.988 9.1.4). */
export const instances = [0, 1] as const;
export type Instance = (typeof instances)[number];

export const flagsMask = maskOf(SOFTWARE_IMAGE, "version", "isCommitted", "isActive", "isValid");

/** What the ME says of one image. */
export interface ReportedImage {
  version: string;
  committed: number;
  active: number;
  valid: number;
  /** Frame it was read in. */
  frame: number;
}

/** Committed/active/valid as figure 9.1.4-1 has them, such as `0/0/1`. */
export const triple = ({ committed, active, valid }: ReportedImage): string => `${committed}/${active}/${valid}`;

/** The two software images as the ONT reports them, and which of them a download goes to. */
export class Images {
  readonly #link: TestLink;
  /** The instance downloads go to: neither active nor committed before the case began. */
  target: Instance = 1;

  constructor(link: TestLink) {
    this.#link = link;
  }

  /** The image that ran and was committed before the case began. */
  get original(): Instance {
    return this.target === 0 ? 1 : 0;
  }

  async read(instanceId: Instance): Promise<ReportedImage> {
    const { message, frame } = await this.#link.ask({ type: "getRequest", attributeMask: flagsMask }, { instanceId });
    const values = unpackAttributes(SOFTWARE_IMAGE, message.attributeMask, message.values);
    const { version, isCommitted, isActive, isValid } = values;
    const isWhole = [isCommitted, isActive, isValid].every((flag) => typeof flag === "number");
    if (message.result !== 0 || !isWhole || typeof version !== "string") {
      const text = `Get of version and flags of image ${instanceId} was answered ${message.result} with mask 0x${message.attributeMask.toString(16)}`;
      throw new CaseFailure("wrong-attribute", text, frame.number, "9.1.4");
    }
    return {
      version,
      committed: Number(isCommitted),
      active: Number(isActive),
      valid: Number(isValid),
      frame: frame.number,
    };
  }

  async readBoth(): Promise<[ReportedImage, ReportedImage]> {
    return [await this.read(0), await this.read(1)];
  }

  /** Reads which image a download may go to. @throws CannotTest when both are in use (S4, S4') */
  async locate(): Promise<void> {
    const states = await this.readBoth();
    const target = instances.find((instance) => states[instance].active === 0 && states[instance].committed === 0);
    if (target === undefined) {
      throw new CannotTest(`no image is free: 0 is ${triple(states[0])}, 1 is ${triple(states[1])}`);
    }
    this.target = target;
  }

  /**
   * Reads both images and compares them with figure 9.1.4-1.
   *
   * @param original, target committed/active/valid such as `1/1/1`; `*` where a flag may be either
   */
  async expect(original: string, target: string, when: string): Promise<void> {
    const states = await this.readBoth();
    for (const [name, instance, wanted] of [
      ["original", this.original, original],
      ["target", this.target, target],
    ] as const) {
      const state = states[instance];
      const seen = triple(state);
      if (matches(seen, wanted)) continue;
      const text = `${when}, the ${name} image (${instance}) is ${seen} committed/active/valid, not ${wanted}`;
      throw new CaseFailure("wrong-flags", text, state.frame, "9.1.4");
    }
  }
}

const matches = (seen: string, wanted: string): boolean => {
  const flags = seen.split("/");
  return wanted.split("/").every((flag, at) => flag === "*" || flag === flags[at]);
};
