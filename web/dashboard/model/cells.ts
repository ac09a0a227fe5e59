/** The cells of all ONTs: state and share, and when each was changed last. */
import { CELL_STATES, type CellState } from "../../../run/states/index.ts";
import type { CellChanges } from "../types.ts";

const CODES = new Map(CELL_STATES.map((state, code) => [state, code]));
/** Numbers of a cell in `CellChanges`. */
export const CELL_NUMBERS = 3;
export const SHARE_WHOLE = 100;

export class CellTable {
  readonly states: Uint8Array;
  readonly shares: Uint8Array;
  readonly #changed: Uint32Array;

  constructor(onts: number) {
    this.states = new Uint8Array(onts);
    this.shares = new Uint8Array(onts);
    this.#changed = new Uint32Array(onts);
  }

  stateOf(ont: number): CellState {
    return CELL_STATES[this.states[ont]];
  }

  setState(ont: number, state: CellState, version: number): void {
    const code = CODES.get(state) ?? 0;
    if (this.states[ont] === code) return;
    this.states[ont] = code;
    this.#changed[ont] = version;
  }

  /** @param share 0…1 */
  setShare(ont: number, share: number, version: number): void {
    // Never rounded up to all of it.
    const percent = Math.max(0, Math.min(SHARE_WHOLE, Math.floor(share * SHARE_WHOLE)));
    if (this.shares[ont] === percent) return;
    this.shares[ont] = percent;
    this.#changed[ont] = version;
  }

  /** Those that were changed after a version; -1 = all. */
  since(version: number): CellChanges {
    const changes: CellChanges = [];
    const { states, shares } = this;
    for (let ont = 0; ont < states.length; ont++)
      if (this.#changed[ont] > version || version < 0) changes.push(ont, states[ont], shares[ont]);
    return changes;
  }
}
