/** The image stores of ONTs in virtual time, as their roads beside OMCI see them: one for each ONT, whoever fills it. */
import type { LocalAnswer } from "../../../ont/index.ts";
import { LocalStore, type OntImageStore, SharedStore } from "../../../ont/store/index.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";

interface Stores {
  local: LocalStore;
  shared: SharedStore;
}

export class OntStores {
  readonly #of: ReadonlyMap<VirtualOnt, Stores>;

  /** @param pump what an ONT has to hand out is to be taken */
  constructor(onts: readonly VirtualOnt[], nowNs: () => number, pump: (ont: VirtualOnt) => void) {
    const storesOf = (ont: VirtualOnt): Stores => {
      const local = new LocalStore({
        command: (command) => {
          ont.core?.handleLocal(nowNs(), command);
          pump(ont);
        },
        snapshot: () => ont.core!.snapshot(),
      });
      return { local, shared: new SharedStore(local) };
    };
    this.#of = new Map(onts.map((ont) => [ont, storesOf(ont)]));
  }

  /** As one more road sees it. */
  road(ont: VirtualOnt): OntImageStore {
    return this.#of.get(ont)!.shared.road();
  }

  /** What an ONT says at the entry of its roads. */
  answer(ont: VirtualOnt, answer: LocalAnswer): void {
    this.#of.get(ont)!.local.answer(answer);
  }

  /** It goes down: nothing that was asked will be answered. */
  clear(ont: VirtualOnt): void {
    const { local, shared } = this.#of.get(ont)!;
    local.clear();
    shared.clear();
  }
}
