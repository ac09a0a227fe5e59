/** `npm run fuzz -- --decode`: captures and logs with bytes changed, cut off, doubled, given to the reader of decode. */
import { exactNsOf, type InputFrame, InputReader, Tracer } from "../../decode/index.ts";
import { PcapngWriter } from "../../pon/capture/index.ts";
import { Dice } from "./dice.ts";

export interface InputFuzzReport {
  inputs: number;
  frames: number;
  /** What was thrown, and at which input; undefined: nothing. */
  problem: string | undefined;
}

const START = "8101530a00070001030000006401000100000000000000000000000000000000000000000000000000000028757c082c";
const ANSWER =
  "0101330a0007000100030000000000000000000000000000000000000000000000000000000000000000000028f6fa9c66".slice(0, 96);
const SECTION = "0102140a0007000100030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0c7ced50000002824ced87f";
const FRAMES = [START, ANSWER, SECTION];
/** Enough of them for a shape to be known. */
const ALIKE = [...FRAMES, ...FRAMES, ...FRAMES];
const PIECE_BYTES = 97;
const EDGES = [0, 1, 0x0a, 0x0d, 0x20, 0x2a, 0x30, 0x3a, 0x5b, 0x5c, 0x7b, 0x7f, 0x80, 0xff];

const spaced = (hex: string): string => hex.match(/../g)!.join(" ");
const rows = (hex: string): string =>
  hex
    .match(/.{1,32}/g)!
    .map((row, at) => `${(16 * at).toString(16).padStart(8, "0")}  ${spaced(row)}  |..|`)
    .join("\n");
const bareRows = (hex: string): string =>
  hex
    .match(/.{1,32}/g)!
    .map((row) => ` ${spaced(row)}`)
    .join("\n");

/** Written in every way, once. */
function seeds(): Buffer[] {
  const blocks: Uint8Array[] = [];
  const writer = new PcapngWriter((block) => blocks.push(block));
  for (const [index, hex] of FRAMES.entries())
    writer.frame({ timeNs: index, direction: "down", onuId: 1, frame: Buffer.from(hex, "hex"), comment: "x" });
  const ethernet = FRAMES.map((hex) => Buffer.from(`088788000000088701701701${"88b5"}${hex}`, "hex"));
  const pcap = ethernet.map((packet) => {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(packet.length, 8);
    head.writeUInt32LE(packet.length, 12);
    return Buffer.concat([head, packet]);
  });
  const header = Buffer.from("d4c3b2a1020004000000000000000000ffff000001000000", "hex");
  const texts = [
    FRAMES.map((hex) => `2026-03-01T10:00:00.002Z ONU[5] rx ${hex}`),
    FRAMES.map((hex) => `[   12.002000] omci rx: ${spaced(hex)}`),
    FRAMES.map(rows),
    FRAMES.map((hex) => JSON.stringify({ onuId: 3, ts: 1, data: [...Buffer.from(hex, "hex")] }, undefined, 1)),
    ALIKE.map((hex, at) => `[omcid] 10:00:0${at} MSG_DUMP RX\n${bareRows(hex)}`),
    ALIKE.map((hex, at) => `10:00:0${at}.123456 rx of onu 3\n${rows(`0887880000000887017017${"01"}88b5${hex}`)}`),
    FRAMES.map((hex) => `pkt: "${hex.replaceAll(/../g, String.raw`\x$&`)}"`),
    FRAMES.map((hex) => `<raw value="${Buffer.from(hex, "hex").toString("base64")}"/><timestamp value="1"/>`),
  ].map((lines) => Buffer.from(lines.join("\n")));
  return [Buffer.concat(blocks), Buffer.concat([header, ...pcap]), ...texts];
}

function changed(dice: Dice, input: Buffer): Buffer {
  const bytes = Buffer.from(input);
  const place = (): number => dice.between(0, bytes.length - 1);
  switch (dice.between(0, 5)) {
    case 0:
      for (let flips = dice.between(1, 4); flips > 0; flips--) bytes[place()] ^= 1 << dice.between(0, 7);
      return bytes;
    case 1:
      for (let changes = dice.between(1, 8); changes > 0; changes--) bytes[place()] = dice.among(EDGES);
      return bytes;
    case 2:
      return bytes.subarray(0, place());
    case 3: {
      const [from, to] = [place(), place()].toSorted((a, b) => a - b);
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
    }
    case 4: {
      const [from, to] = [place(), place()].toSorted((a, b) => a - b);
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    }
    default:
      for (let changes = dice.between(1, 8); changes > 0; changes--) bytes[place()] = dice.between(0, 255);
      return bytes;
  }
}

/** Reads so many changed inputs, in one piece or in several. */
export function fuzzInputs(
  inputs: number,
  seed: number,
  onInput: (input: number) => void = () => undefined,
): InputFuzzReport {
  const dice = new Dice(seed, "inputs");
  const good = seeds();
  let frames = 0;
  for (let input = 0; input < inputs; input++) {
    const bytes = changed(dice, dice.among(good));
    try {
      frames += readAll(bytes, dice.chance(0.5) ? PIECE_BYTES : bytes.length + 1);
    } catch (error) {
      const problem = `input ${input}: ${(error as Error).stack ?? String(error)}\n${bytes.toString("base64")}`;
      return { inputs: input + 1, frames, problem };
    }
    onInput(input);
  }
  return { inputs, frames, problem: undefined };
}

/** Quick, and line by line. @returns how many frames there are */
function readAll(bytes: Uint8Array, pieceBytes: number): number {
  const [quick, byLine] = [true, false].map((isQuick) => readBy(isQuick, bytes, pieceBytes));
  if (quick.join("\n") !== byLine.join("\n")) throw new Error("read quickly it is another input than line by line");
  return byLine.length - 1;
}

/** @returns its frames, and its notes */
function readBy(isQuick: boolean, bytes: Uint8Array, pieceBytes: number): string[] {
  const frames: string[] = [];
  const tracer = new Tracer(() => undefined);
  const reader = new InputReader((input: InputFrame) => {
    tracer.frame(input);
    const { frame, direction, onuId, pon, isMixed } = input;
    frames.push([Buffer.from(frame).toString("hex"), direction, onuId, pon, exactNsOf(input), isMixed].join(" "));
  }, isQuick);
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.add(bytes.subarray(at, at + pieceBytes));
  reader.end();
  tracer.end();
  return [...frames, reader.notes.join()];
}
