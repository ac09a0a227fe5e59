/** An ONT of ours on the bench with a folder in which update.zip may lie. */
import { buildArchive } from "../../../image/archive/index.ts";
import { generateKeyPair, readPublicKey } from "../../../image/index.ts";
import type { Agent } from "../../../ont/agent/index.ts";
import { folderAgentConfig, FolderDepot, MemoryFolder, modelAnswer } from "../../../ont/folder/index.ts";
import type { OntConfig } from "../../../ont/index.ts";
import { createStream } from "../../../pon/index.ts";
import { BLOCK_BYTES, second, StoreBench } from "../agent/bench.ts";
import { OntStore, PowerCut } from "../agent/ont-store.ts";
import { deltaBundle, deltaOnt, newBundle } from "../delta-bundles.ts";

const keys = generateKeyPair();
export const archiveKeys = [readPublicKey(keys.publicPem)];
const { trustedKeys = [] } = deltaOnt();
const check = { trustedKeys, productCode: "PC-1", hardwareVersion: "HW-1" };

export const whole = { name: "new.bin", hardware: ["HW-1"], content: newBundle };
export const delta = { name: "new.delta", hardware: ["HW-1"], content: deltaBundle };
export const archive = (contents = [whole, delta], privatePem = keys.privatePem): Buffer =>
  buildArchive(contents, privatePem);

export class FolderBench extends StoreBench<OntStore> {
  readonly folder = new MemoryFolder();
  #depot: FolderDepot | undefined;
  #life: Agent | undefined;

  constructor(
    bytes: Buffer | undefined = archive(),
    { deltaAware = true, ...ont }: Partial<OntConfig> = {},
    rateBytesPerSecond = Infinity,
  ) {
    const agent = folderAgentConfig("ont-1", check, createStream(1, "folder"));
    const config = { ...agent, blockBytes: BLOCK_BYTES, rateBytesPerSecond };
    super(config, new OntStore({ deltaAware, ...ont }), newBundle);
    // A clock that nobody trusts.
    this.setWall(undefined);
    this.put(bytes);
    this.spoil = (request) => {
      // Each life looks for itself.
      if (this.#life !== this.agent) this.#depot = this.#depotOf(deltaAware);
      this.#life = this.agent;
      return modelAnswer(this.folder, this.#depot!, request);
    };
  }

  #depotOf(deltaAware: boolean): FolderDepot {
    const { folder } = this;
    return new FolderDepot({
      folder,
      device: "ont-1",
      facts: { archiveKeys, productCode: "PC-1", hardwareVersion: "HW-1", deltaAware },
      nowNs: () => this.nowNs,
      onReplaced: () => this.user("again"),
    });
  }

  /** Puts update.zip there, or takes it away. */
  put(bytes: Buffer | undefined): void {
    this.folder.file = bytes && { bytes, mtimeMs: this.nowNs / 1e6 };
  }

  get ends(): string[] {
    return this.events.flatMap((event) =>
      event.type === "reported" && event.execution === "closed" ? [event.finished] : [],
    );
  }

  /** Until an update has ended, and some time more. */
  untilEnded(ends = this.ends.length + 1): boolean {
    return this.until(() => this.ends.length >= ends, 86_400 * second);
  }

  /** As `untilEnded`, with the power gone wherever it is to go. */
  endedThroughCuts(): boolean {
    for (;;)
      try {
        return this.untilEnded(1);
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        this.cut();
      }
  }

  slotIs(slot: 0 | 1, bytes: Uint8Array): boolean {
    return Buffer.compare(this.store.ont.flash.slots[slot], bytes) === 0;
  }
}
