import type { Command } from "commander";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dissect } from "../../omci/index.ts";
import { type DecodeInput, readInput, traceOf, type TracedFrame } from "../../scenarios/decode/index.ts";
import { UsageError } from "../errors.ts";

interface DecodeFlags {
  extract?: string;
  verbose?: boolean;
  json?: boolean;
}

/** `poncast decode`: what frames say, one by one or a whole capture. */
export function decodeCommand(program: Command): void {
  program
    .command("decode")
    .description("show what OMCI frames say: frames as hex, or a capture or log with requests, answers and images")
    .argument(
      "<hex or file...>",
      "frames as hexadecimal digits, or one file: pcap, pcapng, hex lines, a log; - is stdin",
    )
    .option("--extract <file>", "write the image that was downloaded in a capture")
    .option("--verbose", "every field of every frame of a capture")
    .option("--json", "a capture as JSON lines")
    .action((words: string[], flags: DecodeFlags) => {
      const [first] = words;
      if (words.length === 1 && (first === "-" || existsSync(first))) decodeFile(first, flags);
      else if (flags.extract !== undefined) throw new UsageError(`--extract: ${first} is no capture file`);
      else process.stdout.write(`${words.map((word) => dissect(bytesOf(word))).join("\n\n")}\n`);
    });
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

function decodeFile(file: string, flags: DecodeFlags): void {
  const input = readInput(contentOf(file));
  if (input.frames.length === 0) throw new UsageError(`${file}: no OMCI frame is in it`);
  const trace = traceOf(input);
  if (flags.json) for (const frame of trace.frames) process.stdout.write(`${JSON.stringify(frame)}\n`);
  else process.stdout.write(`${textOf(input, trace.frames, flags.verbose === true)}\n`);
  for (const note of input.notes) process.stderr.write(`${note}\n`);
  if (trace.unanswered.length > 0) {
    const [number] = trace.unanswered;
    process.stderr.write(`${trace.unanswered.length} requests without an answer, the first is frame ${number}\n`);
  }
  for (const { onuId, bytes, isRight } of trace.images) {
    const whose = onuId < 0 ? "for all" : `for ONU ${onuId}`;
    process.stderr.write(`image ${whose}: ${bytes.length} bytes, CRC-32 ${isRight ? "right" : "WRONG"}\n`);
  }
  if (flags.extract === undefined) return;
  const image = trace.images.find(({ isRight }) => isRight);
  if (image === undefined) throw new UsageError(`--extract: no whole image is in ${file}`);
  writeFileSync(flags.extract, image.bytes);
  process.stderr.write(`${flags.extract}: ${image.bytes.length} bytes\n`);
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${(error as Error).message}`);
  }
}

function textOf({ frames }: DecodeInput, traced: readonly TracedFrame[], verbose: boolean): string {
  return traced
    .map((one, index) => {
      const line = lineOf(one);
      return verbose ? `${line}\n${dissect(frames[index].frame)}\n` : line;
    })
    .join("\n");
}

function lineOf({
  number,
  timeNs,
  direction,
  onuId,
  text,
  result,
  answers,
  answerNs,
  warnings,
  comment,
}: TracedFrame): string {
  const time = timeNs === undefined ? "" : `${(timeNs / 1e9).toFixed(6).padStart(12)} `;
  const whose = onuId === undefined ? "" : onuId < 0 ? " all" : ` ${String(onuId).padStart(3)}`;
  const took = answerNs === undefined ? "" : ` in ${(answerNs / 1e6).toFixed(3)} ms`;
  const linked = answers === undefined ? "" : ` → #${answers}${took}`;
  const notes = [...warnings, ...(comment === undefined ? [] : [comment])]
    .map((note) => `\n        ! ${note}`)
    .join("");
  return `${String(number).padStart(6)} ${time}${direction === "down" ? "▼" : "▲"}${whose}  ${text}${result ? `: ${result}` : ""}${linked}${notes}`;
}
