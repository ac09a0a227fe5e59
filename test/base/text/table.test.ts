/** Tables, as they stand on a terminal, in a page and in a file for other programs. */
import { describe, expect, it } from "vitest";
import { alignedText, csvLine, figuresRight, markdownTable } from "../../../base/text/index.ts";

const head = ["", "copies", "time"];
const rows = [
  ["parity", "1.01", "5 s"],
  ["selective", "1.123", "12.5 s"],
];

describe("a table", () => {
  it("stands in columns, two spaces apart, with nothing at the end of a line", () => {
    expect(
      alignedText([
        ["a", "bcd"],
        ["ab", ""],
        ["abc", "x"],
      ]).split("\n"),
    ).toEqual(["a    bcd", "ab", "abc  x"]);
    expect(alignedText([head, ...rows], figuresRight(3)).split("\n")).toEqual([
      "           copies    time",
      "parity       1.01     5 s",
      "selective   1.123  12.5 s",
    ]);
    expect(alignedText([])).toBe("");
  });

  it("is Markdown, short or with its columns under one another", () => {
    expect(markdownTable(["name", "of"], [["a", "12"]], { align: ["left", "left"] })).toBe(
      "| name | of |\n| --- | --- |\n| a | 12 |",
    );
    expect(markdownTable(head, rows, { isPadded: true }).split("\n")).toEqual([
      "|           | copies |   time |",
      "| --------- | -----: | -----: |",
      "| parity    |   1.01 |    5 s |",
      "| selective |  1.123 | 12.5 s |",
    ]);
  });

  it("hands a spreadsheet no formula: text that begins like one has an apostrophe in front, a number has not", () => {
    expect(csvLine(["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])).toBe(
      `'=1+1,'+cmd|x,'-2+3,'@SUM(A1),'\t=1,"'\r=1"\r\n`,
    );
    expect(csvLine([-1.5, "-1.5", "+7", "-3e-5", "a=b", ""])).toBe("-1.5,-1.5,+7,-3e-5,a=b,\r\n");
  });

  it("is CSV as RFC 4180 has it", () => {
    expect(csvLine(["a", 'say "b", c', null, undefined, 1.5, [1], "d\ne"])).toBe(
      'a,"say ""b"", c",,,1.5,[1],"d\ne"\r\n',
    );
  });
});
