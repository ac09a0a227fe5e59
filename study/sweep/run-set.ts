/** Results put together: the same run may come twice, as a worker that was taken for dead may have ended it, but never differently. */
import { RunInputError } from "../../run/index.ts";
import type { RunRecord } from "./record.ts";
import type { SweepIdentity } from "./store.ts";

interface Found {
  line: string;
  where: string;
}

export class RunSet {
  readonly #identity: SweepIdentity;
  readonly #found = new Map<number, Found>();
  readonly records: RunRecord[] = [];

  constructor(identity: SweepIdentity) {
    this.#identity = identity;
  }

  has(index: number): boolean {
    return this.#found.has(index);
  }

  /**
   * @param where what people know it by: the folder or file that it stands in
   * @returns whether it was not there before
   * @throws RunInputError: it is of another sweep or version, or is there with another result
   */
  add(record: RunRecord, where: string): boolean {
    const { index } = record;
    const { digest, version } = this.#identity;
    if (record.digest !== digest || record.version !== version)
      throw new RunInputError(`${where}: run ${index} is of another sweep or version`);
    const line = JSON.stringify(record);
    const before = this.#found.get(index);
    if (before === undefined) {
      this.#found.set(index, { line, where });
      this.records.push(record);
    } else if (before.line !== line)
      throw new RunInputError(
        `${where}: run ${index} has another result in ${before.where}; were both made by the same images and code?`,
      );
    return before === undefined;
  }
}
