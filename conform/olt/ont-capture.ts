/** The capture that one of our ONTs leaves of an OLT under test. */
import { referenceProfile, type QuirkProfile } from "../../ont/index.ts";
import { epochNs } from "../targets/real-time.ts";
import { WholeCapture } from "../reports/whole-capture.ts";
import { OLT_RULES, type OltFinding, type OltRule } from "./rules.ts";

/** Each ONT has a link of its own, as in plain G.988. */
const ONU_ID = 1;

/** What an OLT and one of our ONTs say, numbered as the judge counts, with comments where a rule fails. */
export class OntCapture {
  readonly #capture: WholeCapture;
  readonly #epochNs = epochNs();
  /** Of the frame that comes next. */
  #notes: string[] = [];

  /** @param onFault told when it cannot be written */
  constructor(path: string, quirk: QuirkProfile, onFault: (line: string) => void) {
    this.#capture = new WholeCapture(path, onFault);
    if (quirk.name !== referenceProfile.name)
      this.#notes.push(`this ONT deviates from G.988 on purpose: profile ${quirk.name}`);
  }

  /** The frame that is judged, before it is captured, breaks a rule. */
  failure(rule: OltRule, cause: string): void {
    this.#notes.push(`${rule}: FAIL: ${cause} [${OLT_RULES[rule][1]}]`);
  }

  /** @param frame with its trailer, when it has one */
  frame(direction: "down" | "up", frame: Uint8Array): void {
    const comment = this.#notes.join("; ");
    this.#notes = [];
    const timeNs = Number(process.hrtime.bigint()) + this.#epochNs;
    this.#capture.add({ timeNs, direction, onuId: ONU_ID, frame: frame.slice(), ...(comment !== "" && { comment }) });
  }

  /** @returns the file; undefined without frames, or when it cannot be written */
  finish(findings: readonly OltFinding[]): string | undefined {
    const rulesOf = (verdict: OltFinding["verdict"]): string =>
      findings
        .filter((finding) => finding.verdict === verdict)
        .map(({ rule }) => rule)
        .join(", ") || "none";
    const text = `failed: ${rulesOf("fail")}; passed: ${rulesOf("pass")}; not seen: ${rulesOf("notSeen")}`;
    this.#capture.comment(this.#capture.frames, text);
    return this.#capture.finish() ? this.#capture.path : undefined;
  }
}
