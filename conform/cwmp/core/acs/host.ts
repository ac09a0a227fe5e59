/** Makes an ACS ready for each case: it stays, and the CPE is the same or another. */
import { CannotTest } from "../../../core/index.ts";
import type { CaseBench, CaseHost } from "../runner.ts";
import type { AcsWay, CwmpTarget } from "../types.ts";
import { AcsTester, type AcsTesterOptions } from "./tester.ts";

export interface AcsHostOptions extends Omit<AcsTesterOptions, "way"> {
  target: CwmpTarget<AcsWay>;
  /** Each case is another CPE: the ACS may have something to ask of one that it does not know. */
  isNewEachCase: boolean;
}

export class AcsHost implements CaseHost<AcsTester> {
  readonly #options: AcsHostOptions;
  #way: AcsWay | undefined;
  #cases = 0;
  #gone: string | undefined;

  constructor(options: AcsHostOptions) {
    this.#options = options;
  }

  async open(id: string): Promise<CaseBench<AcsTester>> {
    const { target, isNewEachCase, ...rest } = this.#options;
    this.#way ??= await target.open();
    const serialNumber = isNewEachCase ? `${rest.serialNumber}-${++this.#cases}` : rest.serialNumber;
    const tester = new AcsTester({ ...rest, way: this.#way, serialNumber }, id);
    const isFirst = this.#gone === undefined && this.#cases <= 1;
    return {
      tester,
      log: tester.log,
      nowNs: () => tester.way.nowNs(),
      epochMs: tester.way.epochMs,
      contact: () => this.#contact(tester, isFirst),
      finish: () => Promise.resolve(),
    };
  }

  async #contact(tester: AcsTester, isFirst: boolean): Promise<void> {
    if (this.#gone !== undefined) throw new CannotTest(this.#gone);
    if (!isFirst) return;
    const { http } = await tester.session().post(undefined);
    if (http.ok) return;
    this.#gone = `the ACS does not answer: ${http.cause}`;
    throw new CannotTest(this.#gone);
  }

  async close(): Promise<void> {
    await this.#way?.close();
    this.#way = undefined;
  }
}
