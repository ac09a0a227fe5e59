/**
 * The boot loader of an ONT in diagnostic mode: commands in the words of fastboot, whatever carries them, to the slots, the
 * verifier and the boot record that all roads share. One command at a time. While an image runs it tells what it is, and no more.
 */
import type { LocalAnswer, LocalCommand, RecoveryCommand, Slot } from "../../core/types.ts";
import { LoaderStage } from "./stage.ts";
import type { LoaderAnswer, LoaderFacts, LoaderPort, LoaderReply } from "./types.ts";
import { allVariables, SLOT_LETTERS, slotOfLetter, slotOfPartition, variable } from "./variables.ts";

/** Answers to other roads into the same ONT are told from its own by their ids. */
const IDS_FROM = 2 ** 31;
/** Written to the flash at a time, and read from it, bytes. */
const PIECE_BYTES = 256 * 1024;

type WithoutId<T> = T extends { id: number } ? Omit<T, "id"> : never;
type Handler = (loader: LoaderContext, words: readonly string[], reply: LoaderReply) => void;

/** What the commands have. */
interface LoaderContext {
  readonly facts: LoaderFacts;
  readonly stage: LoaderStage;
  readonly port: LoaderPort;
  /** What the next `upload` gives out. */
  offered: Uint8Array | undefined;
  ask(command: WithoutId<LocalCommand>, done: (answer: LocalAnswer) => void): void;
}

const ok = (text = "", bytes?: Uint8Array): LoaderAnswer => ({ ok: true, text, ...(bytes && { bytes }) });
const fail = (text: string): LoaderAnswer => ({ ok: false, text });
const toReply =
  ({ done }: LoaderReply) =>
  (answer: LocalAnswer): void =>
    done(answer.ok ? ok() : fail(answer.cause));

export class Loader implements LoaderContext {
  readonly facts: LoaderFacts;
  readonly stage: LoaderStage;
  readonly port: LoaderPort;
  offered: Uint8Array | undefined;
  readonly #waiting = new Map<number, (answer: LocalAnswer) => void>();
  #lastId = IDS_FROM;
  #isBusy = false;

  constructor(facts: LoaderFacts, port: LoaderPort) {
    this.facts = facts;
    this.port = port;
    this.stage = new LoaderStage(facts.downloadBytesMax);
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get isDiagnostic(): boolean {
    return this.port.snapshot().diagnostic !== undefined;
  }

  /** For `OntSinks.local`. */
  answer(answer: LocalAnswer): void {
    const done = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    done?.(answer);
  }

  /** The ONT restarts: what was asked is not answered any more, and what was loaded is gone. */
  clear(): void {
    this.#waiting.clear();
    this.#isBusy = false;
    this.offered = undefined;
    this.stage.drop();
  }

  /** @param text a command with its arguments, as `flash:image_a` or `oem begin image_a 1000 …` */
  run(text: string, reply: LoaderReply): void {
    if (this.#isBusy) return reply.done(fail("busy"));
    const [name = "", ...words] = text.trim().split(/[: ]+/);
    const [command, rest] = name === "oem" ? [`oem ${words[0] ?? ""}`, words.slice(1)] : [name, words];
    const handler = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
    if (handler === undefined) return reply.done(fail("unknown command"));
    if (!this.isDiagnostic && !WHILE_RUNNING.has(command)) return reply.done(fail("an image runs"));
    this.#isBusy = true;
    const done = (answer: LoaderAnswer): void => {
      this.#isBusy = false;
      reply.done(answer);
    };
    handler(this, rest, { info: reply.info, done });
  }

  ask(command: WithoutId<LocalCommand>, done: (answer: LocalAnswer) => void): void {
    const id = ++this.#lastId;
    this.#waiting.set(id, done);
    this.port.command({ ...command, id } as LocalCommand);
  }
}

/** What an ONT that is up does for a tool as well. */
const WHILE_RUNNING: ReadonlySet<string> = new Set(["getvar", "oem commit", "reboot-bootloader"]);

const COMMANDS: Readonly<Record<string, Handler>> = {
  getvar: ({ facts, port }, words, { info, done }) => {
    const name = words.join(":");
    if (name === "all") {
      for (const line of allVariables(facts, port.snapshot())) info(line);
      return done(ok());
    }
    const value = variable(name, facts, port.snapshot());
    done(value === undefined ? fail("unknown variable") : ok(value));
  },
  flash: (loader, [partition], reply) => {
    const slot = slotOfPartition(partition);
    const { lengthBytes } = loader.stage;
    if (slot === undefined) return reply.done(fail("unknown partition"));
    if (lengthBytes === 0) return reply.done(fail("nothing was downloaded"));
    begin(loader, slot, { imageBytes: lengthBytes, identity: "" }, reply, () =>
      writeStage(loader, 0, false, reply, () => finish(loader, slot, "", reply)),
    );
  },
  set_active: (loader, [letter], reply) => {
    const slot = slotOfLetter(letter?.replace(/^_/, ""));
    if (slot === undefined) return reply.done(fail("unknown slot"));
    loader.ask({ kind: "setActive", slot }, toReply(reply));
  },
  reboot: (loader, [where], reply) =>
    loader.ask({ kind: where === "bootloader" ? "diagnose" : "leave" }, toReply(reply)),
  continue: (loader, _words, reply) => loader.ask({ kind: "leave" }, toReply(reply)),
  "reboot-bootloader": (loader, _words, reply) => loader.ask({ kind: "diagnose" }, toReply(reply)),
  fetch: (loader, words, reply) => fetch(loader, words, reply),
  // For programs that know no `fetch`.
  "oem stage": (loader, words, { info, done }) =>
    fetch(loader, words, {
      info,
      done: (answer) => {
        loader.offered = answer.bytes;
        done(answer.ok ? ok() : answer);
      },
    }),
  upload: (loader, _words, { done }) => {
    const { offered } = loader;
    loader.offered = undefined;
    done(offered === undefined ? fail("nothing is staged") : ok("", offered));
  },
  "oem begin": (loader, [partition, size, identity], reply) => {
    const slot = slotOfPartition(partition);
    const imageBytes = readNumber(size);
    if (slot === undefined || imageBytes === undefined) return reply.done(fail("oem begin image_x size identity"));
    if (!/^([0-9a-f]{2}){0,64}$/.test(identity ?? "")) return reply.done(fail("an identity is hexadecimal"));
    begin(loader, slot, { imageBytes, identity: identity ?? "" }, reply, (held) =>
      reply.done(ok(`0x${held.toString(16)}`)),
    );
  },
  "oem write": (loader, [offset], reply) => {
    const at = readNumber(offset);
    if (at === undefined) return reply.done(fail("oem write offset"));
    if (loader.stage.lengthBytes === 0) return reply.done(fail("nothing was downloaded"));
    writeStage(loader, at, true, reply, () => reply.done(ok()));
  },
  "oem end": (loader, [partition, sha256], reply) => {
    const slot = slotOfPartition(partition);
    if (slot === undefined) return reply.done(fail("unknown partition"));
    finish(loader, slot, sha256 ?? "", reply);
  },
  "oem drop": (loader, _words, reply) => loader.ask({ kind: "drop" }, toReply(reply)),
  "oem commit": (loader, _words, reply) => loader.ask({ kind: "commit" }, toReply(reply)),
};

/** As fastboot writes numbers: hexadecimal with 0x or without it. */
const readNumber = (text: string | undefined): number | undefined =>
  /^(0x)?[0-9a-f]{1,10}$/i.test(text ?? "") ? Number.parseInt(text!.replace(/^0x/i, ""), 16) : undefined;

function begin(
  loader: LoaderContext,
  slot: Slot,
  image: Pick<Extract<RecoveryCommand, { kind: "beginSlot" }>, "imageBytes" | "identity">,
  { done }: LoaderReply,
  next: (heldBytes: number) => void,
): void {
  loader.ask({ kind: "beginSlot", slot, ...image }, (answer) =>
    answer.ok ? next(answer.heldBytes) : done(fail(answer.cause)),
  );
}

/** What was loaded goes to the flash, a piece after the other; what of it is refused ends it. */
function writeStage(
  loader: LoaderContext,
  offsetBytes: number,
  isStable: boolean,
  reply: LoaderReply,
  next: () => void,
): void {
  const bytes = loader.stage.take(PIECE_BYTES);
  if (bytes.length === 0) return next();
  const isLast = loader.stage.lengthBytes === 0;
  loader.ask({ kind: "write", offsetBytes, bytes, isStable: isStable && isLast }, (answer) => {
    if (answer.ok) return writeStage(loader, offsetBytes + bytes.length, isStable, reply, next);
    loader.stage.drop();
    reply.done(fail(answer.cause));
  });
}

function finish(loader: LoaderContext, slot: Slot, sha256: string, { info, done }: LoaderReply): void {
  loader.ask({ kind: "finish", sha256 }, (answer) => {
    if (!answer.ok) return done(fail(answer.cause));
    const image = loader.port.snapshot().record.slots[slot];
    info(`image ${image?.version ?? ""} is in slot ${SLOT_LETTERS[slot]}`);
    done(ok());
  });
}

function fetch(loader: LoaderContext, [partition, offset, length]: readonly string[], reply: LoaderReply): void {
  const slot = slotOfPartition(partition);
  if (slot === undefined) return reply.done(fail("unknown partition"));
  const image = loader.port.snapshot().record.slots[slot];
  if (image === null) return reply.done(fail("image-not-valid"));
  const from = readNumber(offset) ?? 0;
  const to = from + (readNumber(length) ?? image.imageBytes - from);
  if (from >= to || to > image.imageBytes || to - from > loader.stage.bytesMax)
    return reply.done(fail("impossible-range"));
  readBack(loader, slot, new Uint8Array(to - from), from, 0, reply);
}

function readBack(
  loader: LoaderContext,
  slot: Slot,
  whole: Uint8Array,
  fromBytes: number,
  atBytes: number,
  reply: LoaderReply,
): void {
  if (atBytes === whole.length) return reply.done(ok("", whole));
  const lengthBytes = Math.min(PIECE_BYTES, whole.length - atBytes);
  loader.ask({ kind: "readBack", slot, offsetBytes: fromBytes + atBytes, lengthBytes }, (answer) => {
    if (!answer.ok || answer.bytes?.length !== lengthBytes) return reply.done(fail(answer.cause || "flash-unreadable"));
    whole.set(answer.bytes, atBytes);
    readBack(loader, slot, whole, fromBytes, atBytes + lengthBytes, reply);
  });
}
