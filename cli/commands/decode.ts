/** `poncast decode`: from words, files or stdin to text, JSON or the image in a capture. */
import type { Command } from "commander";
import { once } from "node:events";
import { createReadStream, existsSync, statSync } from "node:fs";
import { decodeMessage, dissect } from "../../omci/index.ts";
import { directionOf } from "../../pon/capture/index.ts";
import { ImageFile, InputReader, Tracer, type TraceRecord, type TraceTotals } from "../../decode/index.ts";
import { UsageError } from "../errors.ts";
import { jsonOfRecord, putRecord } from "../view/decode-lines.ts";
import { TextBytes } from "../view/text-bytes.ts";
import { print, printBytes, tell } from "../print.ts";
import { unpackedPieces } from "../unpack.ts";

interface DecodeFlags {
  extract?: string;
  onu?: string;
  verbose?: boolean;
  warnings?: boolean;
  json?: boolean;
}

const STDIN = "-";
const EXIT_NO_FRAME = 1;
/** Read at a time. */
const PIECE_BYTES = 256 * 1024;

export function decodeCommand(program: Command): void {
  program
    .command("decode")
    .description("show what OMCI frames say: frames as hex, or a capture or log with requests, answers and images")
    .argument(
      "<hex or file...>",
      "frames as hexadecimal digits, or files: pcap, pcapng, snoop, logs, hexdumps, JSON and XML of any program, also gzip; - is stdin",
    )
    .option("--extract <file>", "write the image that was downloaded in a capture")
    .option("--onu <id>", "with --extract: the image of this ONU, by number or name, as it is shown")
    .option("--verbose", "every field of every frame of a capture")
    .option("--warnings", "of a capture, only frames with warnings")
    .option("--json", "JSON lines: one for each frame, window, image and warning")
    .addHelpText("after", "\ndocs/decode.md says what can be read.")
    .action(async (words: string[], flags: DecodeFlags) => {
      const isFile = words.map((word) => word === STDIN || existsSync(word));
      if (!isFile.includes(true)) return decodeHex(words, flags);
      const other = words[isFile.indexOf(false)];
      if (other !== undefined) throw new UsageError(`${other}: no such file`);
      if (flags.extract !== undefined && words.length > 1) throw new UsageError("--extract: one capture at a time");
      for (const word of words) await decodeFile(word, flags);
    });
}

/** Frames in the command line, each in full. */
function decodeHex(words: readonly string[], flags: DecodeFlags): void {
  if (flags.extract !== undefined) throw new UsageError(`--extract: ${words[0]}: no such file`);
  const frames = words.map(bytesOf);
  if (!frames.some((frame) => decodeMessage(frame).ok)) process.exitCode = EXIT_NO_FRAME;
  if (flags.json !== true) {
    print(`${frames.map((frame) => dissect(frame)).join("\n\n")}\n`);
    return;
  }
  const tracer = new Tracer((record) => print(`${jsonOfRecord(record)}\n`));
  for (const frame of frames) tracer.frame({ frame, direction: directionOf(frame) });
}

function bytesOf(text: string): Uint8Array {
  const digits = text.replaceAll(/0x|[\s:,-]/gi, "");
  if (digits === "" || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) {
    throw new UsageError(
      `${text.slice(0, 40)}: neither a file nor a frame; an even number of hexadecimal digits is needed`,
    );
  }
  return Uint8Array.from(Buffer.from(digits, "hex"));
}

async function decodeFile(file: string, flags: DecodeFlags): Promise<void> {
  const lines = new Lines();
  const image = openImage(flags);
  try {
    const tracer = new Tracer((record) => lines.add(record, flags), image);
    const reader = new InputReader((frame) => tracer.frame(frame));
    let unpackFault = "";
    for await (const piece of unpackedPieces(
      piecesOf(file),
      (fault) => (unpackFault = `${fault}: read as far as it goes`),
    )) {
      reader.add(piece);
      await lines.write();
    }
    reader.end();
    const faults = unpackFault === "" ? [] : [unpackFault];
    if (reader.frames === 0) return tellNone(file, reader, faults);
    tracer.end();
    await lines.write();
    for (const note of [...reader.notes, ...faults, ...tracer.notes, ...notesOf(tracer.totals)]) tell(`${note}\n`);
    if (image) conclude(image, file, flags);
  } finally {
    image?.close();
  }
}

/** A file that can be read, and holds no frame, is no wrong input: it is an answer, and one that scripts want to know. */
function tellNone(file: string, reader: InputReader, faults: readonly string[]): void {
  if (reader.cause !== "") throw new UsageError(`${file}: no OMCI frame is in it: ${reader.cause}`);
  const why = [...reader.notes, ...faults].join("; ");
  tell(`${file}: no OMCI frame is in it${why === "" ? "" : `: ${why}`}\n`);
  process.exitCode = EXIT_NO_FRAME;
}

function openImage({ extract, onu }: DecodeFlags): ImageFile | undefined {
  if (onu !== undefined && (extract === undefined || onu === ""))
    throw new UsageError(`--onu ${onu}: a number or a name, as decode shows them, and --extract with it`);
  if (extract === undefined) return undefined;
  try {
    return new ImageFile(extract, onu);
  } catch (error) {
    throw new UsageError(`--extract ${extract}: cannot be written: ${(error as Error).message}`);
  }
}

async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  if (file !== STDIN && !statSync(file).isFile() && statSync(file).isDirectory())
    throw new UsageError(`${file}: is a folder`);
  const input = file === STDIN ? process.stdin : createReadStream(file, { highWaterMark: PIECE_BYTES });
  try {
    for await (const piece of input) yield piece as Uint8Array;
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${(error as Error).message}`);
  }
}

/** What the flags leave out. */
function isLeftOut(record: TraceRecord, { warnings }: DecodeFlags): boolean {
  if (warnings !== true) return false;
  return record.record === "window" || (record.record === "frame" && record.warnings.length === 0);
}

/** Text for stdout, as fast as it is read there. */
class Lines {
  readonly #text = new TextBytes();

  add(record: TraceRecord, flags: DecodeFlags): void {
    if (isLeftOut(record, flags)) return;
    const text = this.#text;
    if (flags.json === true) text.text(jsonOfRecord(record));
    else putRecord(record, text);
    if (flags.json !== true && flags.verbose === true && record.record === "frame")
      text.text(`\n${dissect(record.input.frame)}\n`);
    text.text("\n");
  }

  async write(): Promise<void> {
    if (this.#text.isEmpty) return;
    if (!printBytes(this.#text)) await once(process.stdout, "drain");
  }
}

function notesOf({ frames, otherTrailers, windows, images, rightImages, unanswered, warnings }: TraceTotals): string[] {
  const wrong = images > rightImages ? `, ${images - rightImages} not right` : "";
  return [
    `${frames} frames, ${windows} windows, ${images} images${wrong}; ${warnings} warnings, ${unanswered} requests without an answer`,
    ...(otherTrailers > 0 ? [`${otherTrailers} trailers are no CRC-32: a MIC, or wrong`] : []),
  ];
}

function conclude({ taken }: ImageFile, file: string, { extract, onu }: DecodeFlags): void {
  if (taken === undefined) {
    const whose = onu === undefined ? "" : ` for ONU ${onu}`;
    throw new UsageError(`--extract: no whole image${whose} is in ${file}`);
  }
  const whose = taken.onuId === undefined ? "" : `, as ONU ${taken.onuId} has it`;
  tell(`${extract}: ${taken.bytes} bytes${whose}\n`);
}
