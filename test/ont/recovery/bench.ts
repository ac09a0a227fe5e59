/** An ONT with its boot loader, its flash on files or on a disk that loses what was not synced; signed bundles to recover it with. */
import { buildBundle, generateKeyPair, type ManifestFields, readPublicKey } from "../../../image/index.ts";
import {
  BOOT_ATTEMPTS_MAX,
  type BootRecord,
  createOnt,
  factoryRecord,
  type FlashOperation,
  IMAGE_BYTES_MAX,
  type LocalAnswer,
  type Ont,
  type OntConfig,
  type OntEvent,
  type OntSinks,
  turnOnt,
} from "../../../ont/index.ts";
import { createFactoryState, readBootRecord, SlotStore, writeRecord } from "../../../ont/process/slots.ts";
import { verifierMaker } from "../../../ont/process/verifier.ts";
import { type AttachedRecovery, Loader, type LoaderAnswer, type LoaderFacts } from "../../../ont/recovery/index.ts";
import type { FileCalls } from "../../../ont/process/file-calls.ts";
import { testConfig } from "../bench.ts";
import { storedImage, testImage } from "../images.ts";

export const keys = generateKeyPair();
export const otherKeys = generateKeyPair();

export const bundleOf = (
  version: string,
  payloadBytes: number,
  change: Partial<ManifestFields> = {},
  by = keys,
): Uint8Array =>
  Uint8Array.from(
    buildBundle(
      { productCode: "PC-1", hardware: ["HW-1"], buildTime: 0, minimumVersion: "", version, ...change },
      testImage(payloadBytes, 31),
      by.privatePem,
    ),
  );

export const oldBundle = bundleOf("1.0.0", 20_000);
export const newBundle = bundleOf("2.0.0", 150_000, { minimumVersion: "1.5" });

export const FACTS: LoaderFacts = {
  serial: "PCST0000002A",
  productCode: "PC-1",
  hardwareVersion: "HW-1",
  downloadBytesMax: 400_000,
  slotBytes: IMAGE_BYTES_MAX,
  bootAttemptsMax: BOOT_ATTEMPTS_MAX,
};

/** Both slots hold nothing that boots. */
export function brickedRecord(change: Partial<BootRecord> = {}): BootRecord {
  const image = storedImage("1.0.0", oldBundle);
  return { ...factoryRecord(image), slots: [null, null], factorySha256: [], ...change };
}

/** An ONT that left the factory with the old image, and then lost it. */
export function brick(folder: string, change: Partial<BootRecord> = {}, fs?: FileCalls): void {
  const options = fs === undefined ? {} : { fs };
  createFactoryState(folder, oldBundle, factoryRecord(storedImage("1.0.0", oldBundle)), "fsync", options);
  writeRecord(folder, brickedRecord({ sequence: 2, ...change }), "fsync", fs);
}

export class RecoveryBench implements OntSinks {
  readonly name = "ONT to recover";
  readonly takesFlash = true;
  readonly loader: Loader;
  readonly events: OntEvent[] = [];
  readonly store: SlotStore;
  readonly config: OntConfig;
  /** Besides the loader. */
  attached: AttachedRecovery | undefined;
  /** Of a driver in real time. */
  onTurn: (nextNs: number) => void = () => undefined;
  readonly #ont: Ont;
  readonly #clock: (() => number) | undefined;
  #virtualNs = 0;
  #isTurning = false;

  /** @param clock of a driver in real time; absent: time passes as `handleTimeout` says */
  constructor(folder: string, change: Partial<OntConfig> = {}, fs?: FileCalls, clock?: () => number) {
    this.#clock = clock;
    this.config = testConfig({
      trustedKeys: [readPublicKey(keys.publicPem)],
      createVerifier: verifierMaker(false),
      timing: { restartDelayNs: 1e6, bootNs: 1e6, watchdogNs: 1e6 },
      ...change,
    });
    this.store = new SlotStore(folder, "fsync", fs);
    this.#ont = createOnt(this.config, readBootRecord(folder, fs)!, this.nowNs);
    this.loader = new Loader(FACTS, this.port);
    this.turn();
  }

  get port(): { command: Loader["port"]["command"]; snapshot: Loader["port"]["snapshot"] } {
    return {
      command: (command) => {
        this.#ont.handleLocal(this.nowNs, command);
        this.turn();
      },
      snapshot: () => this.#ont.snapshot(),
    };
  }

  get nowNs(): number {
    return this.#clock?.() ?? this.#virtualNs;
  }

  get record(): BootRecord {
    return this.#ont.snapshot().record;
  }

  get diagnostic(): string | undefined {
    return this.#ont.snapshot().diagnostic;
  }

  turn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    let nextNs = Infinity;
    try {
      nextNs = turnOnt(this.#ont, this, this.nowNs);
    } finally {
      this.#isTurning = false;
    }
    this.onTurn(nextNs);
  }

  /** Until nothing is to come any more. */
  settle(): void {
    for (let nextNs = this.#ont.nextTimeoutNs(); nextNs < Infinity; nextNs = this.#ont.nextTimeoutNs())
      this.handleTimeout(nextNs);
  }

  handleTimeout(nowNs: number): void {
    this.#virtualNs = Math.max(this.#virtualNs, nowNs);
    this.#ont.handleTimeout(this.nowNs);
    this.turn();
  }

  flash(_nowNs: number, operation: FlashOperation): void {
    this.store.carryOut(operation, (error, id, finding) => {
      if (error !== null) throw error;
      this.#ont.handleFlashDone(this.nowNs, id, finding);
      this.turn();
    });
  }

  local(_nowNs: number, answer: LocalAnswer): void {
    if (this.attached === undefined) this.loader.answer(answer);
    else this.attached.answer(answer);
  }

  event(_nowNs: number, event: OntEvent): void {
    this.events.push(event);
    this.attached?.event(event);
  }

  frame(): void {}

  /** A command of which the flash, which is instant, keeps no answer waiting. */
  ask(text: string): LoaderAnswer & { lines: string[] } {
    const lines: string[] = [];
    let answer: LoaderAnswer | undefined;
    this.loader.run(text, { info: (line) => lines.push(line), done: (given) => (answer = given) });
    return { ...(answer ?? { ok: false, text: "no answer" }), lines };
  }

  load(bytes: Uint8Array): void {
    this.loader.stage.open();
    this.loader.stage.add(bytes);
    this.loader.stage.close();
  }

  bytesOf(text: string): Uint8Array {
    return this.ask(text).bytes ?? new Uint8Array(0);
  }
}

/** What a tool does that is in no hurry: a whole image, or in blocks that a power cut leaves. */
export function recover(
  bench: RecoveryBench,
  bundle: Uint8Array,
  { slot = "a", blockBytes = 0, identity = "", leaves = true } = {},
): LoaderAnswer {
  const partition = `image_${slot}`;
  if (blockBytes === 0) {
    bench.load(bundle);
    const flashed = bench.ask(`flash:${partition}`);
    if (!flashed.ok) return flashed;
  } else {
    const begun = bench.ask(`oem begin ${partition} ${bundle.length.toString(16)} ${identity}`);
    if (!begun.ok) return begun;
    for (let at = Number.parseInt(begun.text, 16); at < bundle.length; at += blockBytes) {
      bench.load(bundle.subarray(at, at + blockBytes));
      const written = bench.ask(`oem write ${at.toString(16)}`);
      if (!written.ok) return written;
    }
    const ended = bench.ask(`oem end ${partition}`);
    if (!ended.ok) return ended;
  }
  const active = bench.ask(`set_active:${slot}`);
  return active.ok && leaves ? bench.ask("reboot") : active;
}
