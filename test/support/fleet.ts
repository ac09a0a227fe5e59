/** A small PON of cores, ready to run, for tests across OLT and ONTs; no processes, no line, only a plain delay. */
import { crc32 } from "../../base/kernel/crc32.ts";
import type { ImageSource } from "../../image/index.ts";
import type { OltConfig } from "../../olt/index.ts";
import { createOnt, factoryRecord, type OntConfig } from "../../ont/index.ts";
import { ms, testConfig } from "../ont/bench.ts";
import { CrcVerifier, factoryImage, storedImage, testImage } from "../ont/images.ts";
import { BenchPon, type BenchOnt, type BenchOptions } from "./bench-pon.ts";

/** An image whose version is what the tests' verifier makes of it. */
export function sourceOf(bytes: Uint8Array): ImageSource {
  const crc = crc32(bytes);
  return {
    imageBytes: bytes.length,
    crc32: crc,
    sha256: "",
    version: `V${crc}`.slice(0, 14),
    productCode: "PC-1",
    hardware: [],
    minimumVersion: "",
    warning: "",
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

export const oltConfig = (change: Partial<OltConfig> = {}): OltConfig => ({
  mode: "multicast",
  recovery: "parity",
  messageSet: "extended",
  windowSections: 32,
  sectionBytes: 100,
  instance: "any",
  padLastWindow: false,
  proactive: "auto",
  resume: true,
  concurrency: 4,
  patience: 4,
  rateBytesPerSecond: Infinity,
  expectedOnts: 4,
  knownOnts: 4,
  catchUp: { when: "ended", waitNs: 30_000 * ms, onts: 128 },
  force: false,
  canary: 0,
  wave: 0,
  failureThreshold: 0.5,
  soakNs: 100 * ms,
  commit: true,
  activate: true,
  limits: {
    answerTimeoutNs: 1000 * ms,
    answerTimeoutMinNs: 2 * ms,
    sendsMax: 4,
    busyPollNs: 50 * ms,
    busyWaitNs: 60_000 * ms,
    rebootWaitNs: 60_000 * ms,
    arrivalWaitNs: 20_000 * ms,
    rangingPatienceNs: 5000 * ms,
    returnWaitNs: 30_000 * ms,
    restartsMax: 3,
    runNs: 3600_000 * ms,
  },
  ...change,
});

export interface FleetOptions {
  onts?: number;
  imageBytes?: number;
  olt?: Partial<OltConfig>;
  /** Deviations of single ONTs. */
  ont?: (index: number) => Partial<OntConfig>;
  link?: Partial<BenchOptions>;
}

export interface Fleet {
  pon: BenchPon;
  image: Uint8Array;
  source: ImageSource;
}

/** A PON of the cores alone: every other ONT runs from slot 1, as in the default scenario. */
export function makeFleet(options: FleetOptions = {}): Fleet {
  const onts = options.onts ?? 4;
  const image = testImage(options.imageBytes ?? 20_000);
  const source = sourceOf(image);
  const pon = new BenchPon(oltConfig({ expectedOnts: onts, knownOnts: onts, ...options.olt }), source, {
    latencyNs: ms,
    ...options.link,
  });
  for (let index = 0; index < onts; index++) addOnt(pon, index, options.ont?.(index) ?? {});
  return { pon, image, source };
}

export function addOnt(pon: BenchPon, index: number, change: Partial<OntConfig>): BenchOnt {
  const serial = `PCST${index.toString(16).toUpperCase().padStart(8, "0")}`;
  const config = testConfig({
    serial,
    createVerifier: (verifier) => new CrcVerifier(verifier),
    ...change,
  });
  const record = factoryRecord(storedImage(factoryImage.version, testImage(100, 7)));
  const fromSlot1 = {
    ...record,
    committed: 1 as const,
    slots: [record.slots[1], record.slots[0]] as typeof record.slots,
  };
  return pon.add(serial, index % 2 === 0 ? record : fromSlot1, (boot, nowNs) => createOnt(config, boot, nowNs));
}

/** Bytes of the slot an ONT is committed to. */
export const committedBytes = (ont: BenchOnt): Uint8Array => ont.slots[ont.record.committed];
