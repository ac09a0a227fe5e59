/** Long conversations in the forms that are written most often: every frame comes back as it was, in rows of one form too. */
import { describe, expect, it } from "vitest";
import { conversation, type Spoken } from "../../bench/decode/conversation.ts";
import { FORMS } from "../../bench/decode/forms.ts";
import { readInput } from "../../decode/index.ts";
import { dump, lettersOf, rowsOf, spaced } from "./written.ts";

/** The end of what is read of the MIB, then five windows of a download. */
const said = [...conversation(900)].slice(690);
/** Of a frame behind an Ethernet header: the last two bytes of a row of 16. */
const ROW_END = 16;
const hexOf = ({ frame }: Pick<Spoken, "frame">): string => Buffer.from(frame).toString("hex");

/** `od -t x1`, without the offset at the end. */
const od = (hex: string): string =>
  rowsOf(hex)
    .map((row, at) => `${(16 * at).toString(8).padStart(7, "0")} ${spaced(row)}`)
    .join("\n");

const readBack = (pieces: readonly (string | Uint8Array)[]): string[] =>
  readInput(Buffer.concat(pieces.map((piece) => Buffer.from(piece)))).frames.map(hexOf);

describe("every frame comes back from", () => {
  it.each(FORMS)("$name", ({ begin, write }) => {
    const read = readBack([begin, ...said.map(write)]);
    // Some write a frame without its trailer.
    expect(read).toEqual(said.map((one) => hexOf(one).slice(0, read[0].length)));
    expect(read[0].length).toBeGreaterThanOrEqual(80);
  });

  it("rows of a kernel, each with its time, with letters that look like digits and like more", () => {
    const row = (hex: string, at: number, second: number): string =>
      `[${second}.000000] omci: ${(16 * at).toString(16).padStart(8, "0")}: ${spaced(hex)}  ${lettersOf(hex)}`;
    const text = said.map((one, index) =>
      rowsOf(hexOf(one))
        .map((hex, at) => row(hex, at, 10 + index))
        .join("\n"),
    );
    expect(readBack([text.join("\n")])).toEqual(said.map(hexOf));
  });

  it("a dump in which letters look like a string that goes on in the next line", () => {
    const { write } = FORMS.find(({ name }) => name.includes("tcpdump"))!;
    const text = said.map((one, index) => {
      const frame = one.frame.slice();
      if (index === 40) frame.set(Buffer.from('"\\'), ROW_END);
      return write({ ...one, frame });
    });
    expect(readBack(text)).toHaveLength(said.length);
  });

  it("a dump that another form goes on behind, and the first one again", () => {
    const text = said.map((one, index) => (index % 50 < 25 ? dump(hexOf(one)) : `${od(hexOf(one))}\n0000060`));
    expect(readBack([text.join("\n")])).toEqual(said.map(hexOf));
  });

  it("a dump that ends in the middle of a frame, and what is behind it", () => {
    const cut = [
      ...said.slice(0, 20).map((one) => dump(hexOf(one))),
      dump(hexOf(said[20]).slice(0, 60)),
      dump(hexOf(said[21])),
    ];
    expect(readBack([cut.join("\n")]).slice(-2)).toEqual([hexOf(said[20]).slice(0, 60), hexOf(said[21])]);
  });
});
