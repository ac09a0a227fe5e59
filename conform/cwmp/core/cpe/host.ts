/** Makes a CPE ready for each case: a new one, or the one that has been there before. */
import { CannotTest } from "../../../core/index.ts";
import type { CaseBench, CaseHost } from "../runner.ts";
import type { CpeWay, CwmpImage, CwmpTarget, TesterCredentials } from "../types.ts";
import { KnownCpe } from "./known.ts";
import { CpeTester } from "./tester.ts";

export interface CpeHostOptions {
  target: CwmpTarget<CpeWay>;
  image: CwmpImage | undefined;
  /** What the CPE is told for connection requests. */
  offered: TesterCredentials;
  /** What it takes for them already. */
  connection?: TesterCredentials;
  /** What it shows its ACS. */
  password?: TesterCredentials;
  /** Where it can be asked to come for the first time. */
  address?: string;
}

export class CpeHost implements CaseHost<CpeTester> {
  readonly #options: CpeHostOptions;
  #way: CpeWay | undefined;
  #known: KnownCpe | undefined;
  /** Why there is no CPE to test. */
  #gone: string | undefined;

  constructor(options: CpeHostOptions) {
    this.#options = options;
  }

  async open(id: string): Promise<CaseBench<CpeTester>> {
    const { target, image, offered, connection, password } = this.#options;
    if (target.isFreshEachCase) await this.close();
    this.#way ??= await target.open();
    const isNew = this.#known === undefined;
    this.#known ??= new KnownCpe(offered, connection, password);
    const tester = new CpeTester(this.#way, this.#known, image, id);
    return {
      tester,
      log: tester.log,
      nowNs: () => tester.way.nowNs(),
      epochMs: tester.way.epochMs,
      contact: () => this.#contact(tester, isNew),
      finish: () => tester.settle(),
    };
  }

  async #contact(tester: CpeTester, isNew: boolean): Promise<void> {
    if (this.#gone !== undefined) throw new CannotTest(this.#gone);
    if (!isNew) return;
    try {
      await tester.contact(this.#options.address);
    } catch (error) {
      if (error instanceof CannotTest && !this.#options.target.isFreshEachCase) this.#gone = error.message;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#way?.close();
    this.#way = undefined;
    this.#known = undefined;
  }
}
