/** What the boot loader in diagnostic mode is made of, and what it answers. */
import type { LocalAnswer, LocalCommand, OntEvent, OntSnapshot } from "../../core/types.ts";

/** What of an ONT its boot loader tells. */
export interface LoaderFacts {
  serial: string;
  productCode: string;
  hardwareVersion: string;
  /** Most that is taken in at once, bytes: the memory that a boot loader has for it. */
  downloadBytesMax: number;
  /** Room of a slot. */
  slotBytes: number;
  /** So often an image may fail to boot. */
  bootAttemptsMax: number;
}

/** The ONT's core, as the boot loader needs it. */
export interface LoaderPort {
  /** `Ont.handleLocal`, and a turn after it, unless one is under way; its answer goes to `Loader.answer`. */
  command(command: LocalCommand): void;
  snapshot(): OntSnapshot;
}

export interface LoaderAnswer {
  ok: boolean;
  /** Of a refusal its cause; else what was asked for, or nothing. */
  text: string;
  /** What the command gives out. */
  bytes?: Uint8Array;
}

/** Who asked: hears what is said on the way, and then the answer, once. */
export interface LoaderReply {
  info: (text: string) => void;
  done: (answer: LoaderAnswer) => void;
}

/** What serves a boot loader, as the driver of its ONT needs it. */
export interface AttachedRecovery {
  answer(answer: LocalAnswer): void;
  event(event: OntEvent): void;
  /** Power-off. */
  close(): void;
}
