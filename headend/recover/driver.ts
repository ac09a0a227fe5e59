/** Carries a recovery out: the dialogue's actions by a link, what happens told and written down. */
import { createHash, type Hash } from "node:crypto";
import type { RecoveryAddress } from "../../base/recovery/index.ts";
import { recover } from "./core/recover.ts";
import type { RecoverAction, RecoverOutcome, RecoverPlan, RecoverProgress, RecoverReply } from "./core/types.ts";
import { FastbootLink } from "./links/fastboot.ts";
import { answered, lost, pause, type RecoverLink, type Say } from "./links/link.ts";
import { TftpLink } from "./links/tftp.ts";
import { YmodemLink } from "./links/ymodem.ts";

export interface RecoverRun {
  plan: RecoverPlan;
  address: RecoveryAddress;
  /** Of the image that the plan has for this device; of several, of the first that fits. */
  read: (sha256: string, offsetBytes: number, lengthBytes: number) => Uint8Array;
  onProgress: (progress: RecoverProgress) => void;
  /** Everything that is asked, answered and said, for whoever has to understand it later. */
  note: (line: string) => void;
  signal?: AbortSignal;
}

const MS_PER_SECOND = 1_000;
const SHOWN_MAX = 200;
const shown = (text: string): string => text.slice(0, SHOWN_MAX).replaceAll(/[^ -~]/g, ".");

function linkTo(address: RecoveryAddress, plan: RecoverPlan, say: Say): RecoverLink {
  if (address.kind === "fastboot") return new FastbootLink(address.host, address.port, say);
  if (address.kind === "tftp") return new TftpLink(address.host, address.port);
  return new YmodemLink(address, plan.profile.speaks === "commands", say);
}

/** @returns also when it was interrupted: then the link is closed, and what is under way ends as lost */
export async function runRecovery(run: RecoverRun): Promise<RecoverOutcome> {
  const { plan, note, signal } = run;
  const link = linkTo(run.address, plan, (line) => note(`  says ${shown(line)}`));
  const onAbort = (): void => link.close();
  signal?.addEventListener("abort", onAbort);
  const carry = carrier(run, link);
  try {
    const dialogue = recover(plan);
    for (let step = dialogue.next(IDLE); ;) {
      if (step.done === true) return step.value;
      const { value } = step;
      if (value.kind === "progress") {
        run.onProgress(value.progress);
        note(`${value.progress.step}: ${value.progress.text}`);
        step = dialogue.next(IDLE);
        continue;
      }
      if (signal?.aborted === true) return { ok: false, step: "detect", cause: "interrupted", isInput: false };
      note(`> ${wordsOf(value)}`);
      const reply = await carry(value);
      note(
        `< ${reply.kind === "lost" ? `lost: ${shown(reply.cause)}` : `${reply.ok ? "ok" : "no"} ${shown(reply.text)}${reply.bytes ? ` ${reply.bytes.length} bytes` : ""}`}`,
      );
      step = dialogue.next(reply);
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    link.close();
  }
}

/** Of what has no reply. */
const IDLE: RecoverReply = answered(true, "");

function carrier(
  { plan, read, signal }: RecoverRun,
  link: RecoverLink,
): (action: RecoverAction) => Promise<RecoverReply> {
  let hash: Hash = createHash("sha256");
  const [image] = plan.images;
  return async (action) => {
    switch (action.kind) {
      case "connect":
        return await link.connect(action.seconds);
      case "command":
        return await link.command(action.text);
      case "load":
        return await link.load(read(action.sha256, action.offsetBytes, action.lengthBytes));
      case "read":
        return await link.read(action.text, action.lengthBytes);
      case "put":
        return await link.put(action.file, read(image!.sha256, 0, image!.imageBytes));
      case "get":
        return await link.get(action.file, action.lengthBytes);
      case "wait":
        await pause(action.seconds * MS_PER_SECOND);
        return signal?.aborted === true ? lost("interrupted") : IDLE;
      case "hash":
        if (action.isFirst) hash = createHash("sha256");
        hash.update(action.bytes);
        return answered(true, hash.copy().digest("hex"));
    }
  };
}

function wordsOf(action: RecoverAction): string {
  switch (action.kind) {
    case "command":
    case "read":
      return shown(action.text);
    case "load":
      return `load ${action.lengthBytes} bytes from ${action.offsetBytes}`;
    case "put":
    case "get":
      return `${action.kind} ${shown(action.file)}`;
    case "connect":
      return "connect";
    case "wait":
      return `wait ${action.seconds} s`;
    case "hash":
      return `hash ${action.bytes.length} bytes`;
  }
}
