/** What an ONT is made of and told, what it tells: the types of its core. */
import type { DeltaFacts, RefusalCause } from "../../image/index.ts";
import type { Stretch } from "../../base/stretches/index.ts";
import type { Channel } from "../../pon/types.ts";
import type { SectionSpan } from "../../omci/index.ts";
import type { LocalAnswer, LocalCommand } from "./local-types.ts";
import type { ConditionCause, OntConditions } from "./conditions.ts";
import type { QuirkProfile } from "./quirks.ts";

export type { LocalAnswer, LocalCommand, RecoveryCommand } from "./local-types.ts";

/** Slot = image instance 0x0000 or 0x0001 of the ONT itself (G.988 9.1.4). */
export type Slot = 0 | 1;

/** A slot, or the staging area, where a delta is kept until it is applied. */
export type FlashArea = Slot | 2;

/** What happens when an image that is not the factory image boots: a scenario input. */
export type BootPlan =
  | { kind: "boots" }
  | { kind: "hangs" }
  | { kind: "crashes" }
  /** Boots at the n-th attempt, n >= 1; the attempts before it hang. */
  | { kind: "bootsAt"; attempt: number };

export interface OntTiming {
  /** From the answer to Activate or Reboot until the ONT goes silent. */
  restartDelayNs: number;
  /** Duration of a good boot, and of a boot until it crashes. */
  bootNs: number;
  /** A boot that hangs is reset by the watchdog after this time. */
  watchdogNs: number;
  /** What the check of a stored image takes; absent: it is a part of the times above. */
  imageCheckNs?: number;
}

export interface OntConfig {
  /** Four letters of vendor id, eight hexadecimal digits, e.g. "PCST0000002A" (ONU-G serial number, 8 bytes). */
  serial: string;
  equipmentId: string;
  productCode: string;
  /** Hardware version (ONU-G version); an image's compatibility list must name it. */
  hardwareVersion: string;
  /** ONU2-G OMCC version: 0xA0…0xAF / 0x80… baseline only, 0xB0…0xBF / 0x96 baseline and extended. */
  omccVersion: number;
  /** Raw Ed25519 public keys, 32 bytes each; an image signed by any of them is trusted. */
  trustedKeys: readonly Uint8Array[];
  /** Takes, activates and commits images of a lower security version than it has committed to; for laboratories. */
  allowDowngrade?: boolean;
  /** Largest window granted, 1…256 sections. */
  maxWindowSections: number;
  /** Knows the recovery ME (class 65280): missing-section bitmap, counts in window answers. */
  recoveryAware: boolean;
  /** Knows parity sections as well. */
  parityAware: boolean;
  /** Knows places and stretches held too: takes windows in any order, joins in the middle, keeps what it has over a power cut. */
  placeAware: boolean;
  /** Rebuilds images from deltas, and tells what runs and why it refuses; only where it knows places. */
  deltaAware?: boolean;
  /** As they are at power-on; absent: nothing ever stands against an update. */
  conditions?: OntConditions;
  /** The boot loader stays in diagnostic mode at power-on, as by a button that is held. */
  diagnostic?: boolean;
  timing: OntTiming;
  boot: BootPlan;
  quirks: QuirkProfile;
  /** Makes the digest and bundle check of one download; a driver may share work between ONTs here. */
  createVerifier: (options: VerifierOptions) => ImageVerifier;
}

export interface VerifierOptions {
  trustedKeys: readonly Uint8Array[];
  productCode: string;
  hardwareVersion: string;
  /** Version that runs now: an image may name a minimum version it replaces. Absent: nothing runs. */
  runningVersion?: string;
  /** Lowest security version that is taken; absent: any. */
  securityVersion?: number;
  imageBytes: number;
  /** What was announced; absent: a whole image. */
  accepts?: "image" | "delta";
  /** SHA-256 of the image that runs, hexadecimal: the one base that a delta may have. */
  baseSha256?: string;
}

/**
 * Checks one image while it streams in: CRC-32 (I.363.5), SHA-256, manifest, signature, compatibility.
 * `update` gets the bytes in file order, each once.
 */
export interface ImageVerifier {
  /** @returns a cause as soon as the bytes so far are known to be unacceptable (manifest-only checks), else undefined. */
  update(bytes: Uint8Array): RefusalCause | undefined;
  /** Called once, after `imageBytes` bytes. */
  finish(crc32: number): ImageVerdict;
  /** What the header told that was looked at so far; of a delta, what it makes. */
  /** Of the bytes so far, for roads that tell no CRC-32. */
  readonly crc32?: number | undefined;
  readonly manifest?: { readonly version: string; readonly delta?: DeltaFacts } | undefined;
}

/** A good image, or a good delta: what is then stored is the image that it makes. */
export interface CheckedImage extends StoredImage {
  delta?: DeltaFacts;
  /** Steps from older configurations to its own; absent: there are none. */
  migration?: string;
}

export type ImageVerdict = { valid: true; image: CheckedImage } | { valid: false; cause: RefusalCause };

/** What the boot record keeps of a valid image. */
export interface StoredImage {
  /** At most 14 characters. */
  version: string;
  productCode: string;
  imageBytes: number;
  crc32: number;
  /** SHA-256 of the whole bundle, hexadecimal. */
  sha256: string;
  /** MD5 of the whole bundle for the ME's image hash attribute, hexadecimal. */
  md5: string;
  /** Of its manifest; absent: 0. */
  securityVersion?: number;
  /** Seconds since 1970-01-01 UTC, as its manifest says; absent: never. An ONT has no clock to be trusted, and only tells. */
  expires?: number;
}

/** The few bytes an ONT boots by; replaced atomically. */
export interface BootRecord {
  /** Grows by one with every write. */
  sequence: number;
  committed: Slot;
  /** Set by Activate of the other image: boot it, at most `BOOT_ATTEMPTS_MAX` times, until it has proved that it boots. */
  trial: { slot: Slot; attempts: number } | null;
  /** Boots of the committed image that failed in a row. */
  committedFailures: number;
  /** null: not valid. */
  slots: [StoredImage | null, StoredImage | null];
  /** SHA-256 of the factory images: these always boot. */
  factorySha256: string[];
  /** Highest security version of an image that was committed; absent: 0. */
  securityVersion?: number;
  /** What a download that was cut off has left; never valid, whatever it holds. */
  partial?: PartialImage | null;
  /** Of the configuration that belongs to each slot; absent: this ONT has none. */
  configs?: [ConfigFacts | null, ConfigFacts | null];
  /** Somebody wants the boot loader to stay in diagnostic mode, until somebody has it leave. */
  diagnostic?: boolean;
}

/** A configuration as it is stored beside an image. */
export interface ConfigFacts {
  schemaVersion: number;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** A part of an image in a slot, or of a delta in the staging area (docs/extension.md, 7). */
export interface PartialImage {
  slot: FlashArea;
  /** `imageIdentity`, hexadecimal. */
  identity: string;
  /** Bytes of the image that were written before this was. */
  held: readonly Stretch[];
  /** Of a delta that is whole: what it has made so far; absent: nothing. */
  rebuilt?: RebuiltPart;
}

/** The first blocks of the image that a delta makes, on stable storage before the record that names them is. */
export interface RebuiltPart {
  slot: Slot;
  blocks: number;
}

/** Work for the driver's storage; done in order, each answered by `handleFlashDone(nowNs, id)`. */
export type FlashOperation =
  | { kind: "eraseSlot"; id: number; slot: FlashArea }
  /** `bytes` is only valid until the next call into the core. */
  | { kind: "writeSlot"; id: number; slot: FlashArea; offsetBytes: number; bytes: Uint8Array }
  /** Read what was written, for the check of an image that came in out of order; answered with the bytes. */
  | { kind: "readSlot"; id: number; slot: FlashArea; offsetBytes: number; lengthBytes: number }
  /** Bring the slot to stable storage: `imageBytes` bytes, and read back for the check. */
  | { kind: "syncSlot"; id: number; slot: FlashArea; imageBytes: number }
  /** Look whether the slot still holds this image, by its SHA-256; answered with yes or no. */
  | { kind: "checkSlot"; id: number; slot: Slot; image: StoredImage }
  /** Read the head of the delta in the staging area, for the blocks that follow; answered with how many these are, 0: it is none. */
  | { kind: "openDelta"; id: number; deltaBytes: number; delta: DeltaFacts }
  /** Rebuild one block of the image in `slot` from that in `from` and the open delta; answered with yes or no. */
  | { kind: "rebuildBlock"; id: number; slot: Slot; from: Slot; block: number }
  /**
   * Read back so many blocks that a rebuild that was cut off has left, up to the first that is not what the open delta makes, and
   * erase what is behind those that are; answered with how many these are.
   */
  | { kind: "keepBlocks"; id: number; slot: Slot; blocks: number }
  /**
   * Make the configuration of `slot` from that of `from`, by the steps of the new image's manifest; empty: it is copied.
   * Answered with what has come of it.
   */
  | { kind: "migrateConfig"; id: number; slot: Slot; from: Slot; migration: string }
  | { kind: "writeBootRecord"; id: number; record: BootRecord };

/** A migrated configuration, on stable storage, or why there is none. */
export type MigrationFinding = { config: ConfigFacts } | { problem: string };

/** What an operation found out: bytes, yes or no, a count, a configuration; see the operations. */
export type FlashFinding = Uint8Array | boolean | number | MigrationFinding;

/** Update state as an operator sees it. */
export type UpdateState =
  | "idle"
  | "downloading"
  | "verifying"
  | "applying"
  | "rebooting"
  | "trial"
  | "committed"
  | "rolledBack"
  | "failed";

export type OntEvent =
  | { type: "state"; state: UpdateState; cause?: string }
  /** Link down: a restart begins. The driver drops the ranging. */
  | { type: "offline"; reason: "activate" | "reboot" | "power" | "watchdog" | "crash" }
  /** Booted into `activeSlot`: the driver ranges it. */
  | { type: "online"; activeSlot: Slot }
  | { type: "bootAttempt"; slot: Slot; attempt: number }
  | { type: "bootFailed"; slot: Slot; attempt: number; how: "hangs" | "crashes" }
  | { type: "fellBack"; from: Slot; to: Slot }
  /** No image runs: the boot loader stays, and waits to be asked. */
  | { type: "diagnostic"; cause: string }
  | {
      type: "windowAccepted";
      window: number;
      sections: number;
      lostSections: number;
      repairedSections: number;
    }
  | { type: "windowRefused"; window: number; missingSections: number }
  | { type: "imageRefused"; cause: RefusalCause | "room"; window: number }
  | { type: "imageStored"; slot: Slot; image: StoredImage }
  /** The ONT would not be updated now; once for each cause, however often it is asked. */
  | { type: "installRefused"; when: "start" | "activate"; cause: ConditionCause }
  /** Frames that were dropped, by cause; `count` where more than one. */
  | { type: "dropped"; cause: string; count?: number };

/** Upstream frames (PDU without trailer) leave here; `bytes` is valid during the call only. */
export interface UpstreamSink {
  frame(bytes: Uint8Array, lengthBytes: number): void;
}

/** One ONT as a state machine with no I/O. Constructing it is power-on; dropping it is a power cut. */
export interface Ont {
  /** The driver has ranged the ONT: the OMCC is up (session starts in baseline, MIB data sync 0). */
  handleRanged(nowNs: number, onuId: number): void;
  handleFrame(nowNs: number, channel: Channel, pdu: Uint8Array): void;
  /** Hot path; the same effect as its sections as frames, one by one. */
  handleSections(nowNs: number, channel: Channel, span: SectionSpan): void;
  handleFlashDone(nowNs: number, id: number, finding?: FlashFinding): void;
  handleTimeout(nowNs: number): void;
  /** By a road beside OMCI. */
  handleLocal(nowNs: number, command: LocalCommand): void;
  /** What stands against an update has changed. */
  handleConditions(conditions: OntConditions): void;
  pollTransmit(nowNs: number, sink: UpstreamSink): void;
  pollFlash(): FlashOperation | undefined;
  pollLocal(): LocalAnswer | undefined;
  pollEvent(): OntEvent | undefined;
  /** Earliest deadline, or Infinity. */
  nextTimeoutNs(): number;
  snapshot(): OntSnapshot;
}

export interface OntSnapshot {
  state: UpdateState;
  cause: string | undefined;
  online: boolean;
  activeSlot: Slot;
  record: BootRecord;
  /** The three flags of both images: committed, active, valid (G.988 9.1.4). */
  flags: [ImageFlags, ImageFlags];
  bootAttempts: number;
  windowsAccepted: number;
  windowsRepaired: number;
  sectionsLost: number;
  mibDataSync: number;
  /** Starts and Activates that its conditions have refused. */
  installsRefused: number;
  /** Why the boot loader stays in diagnostic mode; absent: it does not. */
  diagnostic?: string;
}

export interface ImageFlags {
  committed: boolean;
  active: boolean;
  valid: boolean;
}
