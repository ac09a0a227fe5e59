/** What a tool that recovers devices is made of: the device's profile, the image, what is asked of the road to the device. */

export type RecoveryTransport = "fastboot" | "tftp" | "ymodem";

/** Commands of a device, with `{partition}`, `{slot}`, `{offset}`, `{length}`, `{size}`, `{identity}`, `{sha256}` in them; numbers are hexadecimal. */
export interface ProfileCommands {
  /** Begins an image that is sent in blocks, or goes on with it; answered with how much of it is there. */
  begin?: string;
  /** Stores the block that was loaded. */
  write?: string;
  /** Checks and stores an image that was sent in blocks. */
  end?: string;
  /** Checks and stores an image that was loaded whole. */
  flash?: string;
  /** Gives out a part of what is stored. */
  read?: string;
  /** Which image boots next. */
  activate?: string;
  reboot?: string;
  /** The image that runs stays. */
  commit?: string;
  /** From an image that runs into the boot loader. */
  enter?: string;
}

/** Which variable tells what; `{slot}` is filled in. Absent: the device does not tell. */
export interface ProfileVariables {
  product?: string;
  hardware?: string;
  serial?: string;
  securityVersion?: string;
  /** `yes` while an image runs. */
  isUp?: string;
  /** Why the device is in its boot loader; empty: it is not. */
  reason?: string;
  /** The slot that runs or boots next. */
  current?: string;
  /** `yes`: nothing in it boots. */
  unbootable?: string;
  /** `yes`: committed. */
  successful?: string;
  version?: string;
  sha256?: string;
}

export interface DeviceProfile {
  name: string;
  about: string;
  /** commands: a boot loader that is asked and told · files: somebody who takes a file, and perhaps gives it back */
  speaks: "commands" | "files";
  transports: readonly RecoveryTransport[];
  /** Variables that a device of this kind has with these values. */
  expects: Readonly<Record<string, string>>;
  variables: ProfileVariables;
  /** Their names; one where there are none. */
  slots: readonly string[];
  partition: string;
  commands: ProfileCommands;
  /** Sent at a time, where the device takes images in blocks; by the road. */
  blockBytes: Readonly<Partial<Record<RecoveryTransport, number>>>;
  /** Name of the file, of a device that takes files. */
  file: string;
  /** Whether what was sent is read back, and compared. */
  readsBack: boolean;
  /** An image is up within this time after the restart. */
  bootSeconds: number;
}

/** What is sent. */
export interface RecoveryImage {
  imageBytes: number;
  /** Hexadecimal. */
  sha256: string;
  /** Hexadecimal; by which a device knows a part of it again. */
  identity: string;
  version: string;
  productCode: string;
  hardware: readonly string[];
}

/** One thing that is done to the device; each is answered by one `RecoverReply`. */
export type RecoverAction =
  /** Until somebody answers, within this time. */
  | { kind: "connect"; seconds: number }
  | { kind: "command"; text: string }
  /** A part of the image of this hash into the device's memory. */
  | { kind: "load"; sha256: string; offsetBytes: number; lengthBytes: number }
  /** A command that gives bytes. */
  | { kind: "read"; text: string; lengthBytes: number }
  | { kind: "put"; file: string }
  | { kind: "get"; file: string; lengthBytes: number }
  | { kind: "wait"; seconds: number }
  /** Hash of bytes that were read, in order; the first one has `isFirst`. Answered with it in hexadecimal. */
  | { kind: "hash"; bytes: Uint8Array; isFirst: boolean };

export type RecoverReply =
  /** @property text of the answer; of a refusal its cause */
  | { kind: "answer"; ok: boolean; text: string; bytes?: Uint8Array }
  /** The device or the road to it has gone. */
  | { kind: "lost"; cause: string };

export const RECOVER_STEPS = [
  "detect",
  "identify",
  "check",
  "send",
  "verify",
  "activate",
  "reboot",
  "prove",
  "commit",
] as const;
export type RecoverStep = (typeof RECOVER_STEPS)[number];

/** For who watches, and for the log. */
export interface RecoverProgress {
  step: RecoverStep;
  text: string;
  /** Of the image, where it is sent or read back. */
  doneBytes?: number;
}

export interface DeviceIdentity {
  product: string;
  hardware: string;
  serial: string;
  slot: string;
  /** Of the image that the slot holds; empty: none, or it is not told. */
  sha256: string;
}

export type RecoverOutcome =
  | { ok: true; text: string; device: DeviceIdentity }
  /** @property isInput it is the person's to mend: another image, another address */
  | { ok: false; step: RecoverStep; cause: string; isInput: boolean };

export interface RecoverPlan {
  profile: DeviceProfile;
  transport: RecoveryTransport;
  /** What there is to send; a bundle may have an image for each hardware. */
  images: readonly RecoveryImage[];
  /** Left to the device's state when absent. */
  slot?: string;
  /** Nothing is changed. */
  dryRun: boolean;
  /** From an image that runs into the boot loader. */
  enters: boolean;
  /** A device that does not answer is waited for. */
  detectSeconds: number;
}
