/**
 * All that may happen, the paths with the fewest faults first, and of these the shortest: so is the first path to a
 * violation. A state that was reached with fewer faults is not looked at again: whatever may follow may follow there, too.
 */
import { endOf } from "./ends.ts";
import type { Model } from "./model.ts";
import { States } from "./states.ts";

export interface Limits {
  /** Faults on a path at most. */
  faultsMax: number;
  statesMax: number;
  /** Called now and then. @returns whether to go on */
  goesOn: (found: Found) => boolean;
}

/** One kind of end: states that are one, and the shortest path to such a state. */
interface End {
  states: number;
  path: number[];
}

/** What a search has found so far. */
export interface Found {
  states: number;
  transitions: number;
  /** Longest of the shortest paths to the states met, actions. */
  depth: number;
  /** Paths with so many faults are looked at; those with fewer all have been. */
  faults: number;
  /** Ends of paths, by how. */
  ends: Map<string, End>;
  /** Every state that can be reached has been looked at. */
  isComplete: boolean;
  /** One line, and the path to it; absent: none. */
  violation?: { problem: string; path: number[] };
  /** Memory of the states. */
  bytes: number;
}

/** States between two looks at the clock. */
const LOOK_EACH = 1 << 10;

/** States by their depth. */
type Depths = number[][];

class Search {
  readonly #model: Model;
  readonly #limits: Limits;
  readonly #states: States;
  readonly #row: Int32Array;
  readonly #next: Int32Array;
  #looked = 0;
  readonly #found: Found = {
    states: 1,
    transitions: 0,
    depth: 0,
    faults: 0,
    ends: new Map(),
    isComplete: false,
    bytes: 0,
  };

  constructor(model: Model, limits: Limits) {
    this.#model = model;
    this.#limits = limits;
    this.#states = new States(model.width);
    this.#row = new Int32Array(model.width);
    this.#next = new Int32Array(model.width);
  }

  run(): Found {
    const found = this.#found;
    this.#states.add(this.#model.first(), 0, 0);
    for (let depths: Depths = [[0]]; ; found.faults++) {
      const more: Depths = [];
      if (!this.#level(depths, more)) break;
      found.isComplete = found.faults === this.#limits.faultsMax || more.length === 0;
      if (found.isComplete) break;
      depths = more;
    }
    this.#count();
    return found;
  }

  /**
   * All states with as many faults as now.
   *
   * @param more gets those with one more
   * @returns false where the search is over
   */
  #level(depths: Depths, more: Depths): boolean {
    for (let depth = 0; depth < depths.length; depth++) {
      for (const number of depths[depth] ?? []) {
        if (this.#looked++ % LOOK_EACH === 0 && !this.#goesOn()) return false;
        if (!this.#look(number, depth, depths, more)) return false;
      }
      // Its memory is needed for others.
      depths[depth] = [];
    }
    return true;
  }

  #goesOn(): boolean {
    this.#count();
    return this.#found.states < this.#limits.statesMax && this.#limits.goesOn(this.#found);
  }

  #count(): void {
    this.#found.states = this.#states.size;
    this.#found.bytes = this.#states.bytes;
  }

  #look(number: number, depth: number, depths: Depths, more: Depths): boolean {
    const model = this.#model;
    const [row, next, found] = [this.#row, this.#next, this.#found];
    this.#states.read(number, row);
    const mayFail = found.faults < this.#limits.faultsMax;
    const actions = model.actions(row, mayFail, number === 0 ? "first" : "later");
    if (actions.every((action) => model.isFault(action)) && !this.#end(number)) return false;
    for (const action of actions) {
      next.set(row);
      found.transitions++;
      if (!model.apply(next, action)) {
        found.violation = { problem: model.problem, path: [...this.#states.pathTo(number), action] };
        return false;
      }
      if (!this.#states.add(next, number, action)) continue;
      found.depth = Math.max(found.depth, depth + 1);
      ((model.isFault(action) ? more : depths)[depth + 1] ??= []).push(this.#states.size - 1);
    }
    return true;
  }

  /** Nothing more happens here, faults aside. @returns whether that is legal */
  #end(number: number): boolean {
    const { ends } = this.#found;
    const { problem, kind } = endOf(this.#model, this.#row);
    const known = ends.get(kind);
    if (problem !== "") this.#found.violation = { problem, path: this.#states.pathTo(number) };
    else if (known !== undefined) known.states++;
    else ends.set(kind, { states: 1, path: this.#states.pathTo(number) });
    return problem === "";
  }
}

export const search = (model: Model, limits: Limits): Found => new Search(model, limits).run();
