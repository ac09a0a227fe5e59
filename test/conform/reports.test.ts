/** Reports say what happened in the form that each reader expects, and signatures hold for nothing else. */
import { create } from "xmlbuilder2";
import { describe, expect, it } from "vitest";
import { generateKeyPair, readPublicKey } from "../../image/index.ts";
import { quirkProfiles } from "../../ont/index.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import type { CaseReport } from "../../conform/core/outcome.ts";
import { runCases } from "../../conform/core/runner.ts";
import { caseRow, faultLine, summaryLine } from "../../conform/core/table.ts";
import { jsonReport, junitReport, tapReport } from "../../conform/reports/report.ts";
import { selfImages, selfTarget } from "../../conform/targets/self.ts";
import { isReportSigned, signReport } from "../../conform/reports/signature.ts";

const images = selfImages();
const facts = { target: "self (5vt)", messageSet: "baseline", selected: 4, version: "0" } as const;

async function reportsOf(quirk: string, ids: readonly string[]): Promise<CaseReport[]> {
  const cases = catalogue.filter(({ id }) => ids.includes(id));
  const target = selfTarget(quirkProfiles[quirk]!, images);
  return runCases(cases, { target, messageSet: "baseline", image: images.image });
}

const middle = await reportsOf("5vt", ["loss.middle"]);
/** One of each verdict. */
const mixed: CaseReport[] = [
  ...(await reportsOf("reference", ["me.flags"])),
  ...middle,
  ...(await reportsOf("stop-and-wait", ["window.shorter"])),
  ...(await reportsOf("odi", ["trial.commit"])),
];

describe("a failure in one line", () => {
  it("names the frame, what was sent and answered, and the clause", () => {
    expect(faultLine(middle[0]!.fault!)).toBe(
      "step 3, frame 29: window 1: section 3 was never sent, yet the ONT answered 3 (parameter error); 1 (processing error) is wanted [G.988 I.3]",
    );
  });

  it("points at a frame of the evidence", () => {
    const { frame, frames } = middle[0]!.fault!;
    const last = frames.at(-1)!;
    expect([last.number, last.direction, last.bytes[2]]).toEqual([frame, "fromOnt", 0x34]);
    expect(frames.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, at) => frame - 11 + at));
  });
});

describe("reports", () => {
  it("has one of each verdict to tell of", () => {
    expect(mixed.map(({ verdict }) => verdict)).toEqual(["pass", "fail", "notApplicable", "skip"]);
    expect(summaryLine(mixed)).toBe("4 cases: 1 passed, 1 failed, 1 not applicable, 1 skipped");
  });

  it("terminal: a row each, with the reason below; a cause told above is not told again", () => {
    const row = (report: CaseReport, before?: CaseReport): string => caseRow(report, 14, (text) => text, before);
    expect(row(mixed[0]!)).toBe("pass  me.flags        Version and flags of both images in one Get");
    expect(row(mixed[2]!)).toBe(
      "n/a   window.shorter  Windows shorter than granted, of changing size\n      the ONT grants windows of 1 at most",
    );
    expect(row(mixed[2]!, mixed[2])).not.toContain("\n");
    expect(row(mixed[1]!, mixed[1])).toContain("\n      step 3, frame 29: ");
  });

  it("JSON: facts, counts, every case, the frames of failures", () => {
    const report = JSON.parse(JSON.stringify(jsonReport(facts, mixed))) as Record<string, unknown> & {
      cases: Record<string, unknown>[];
    };
    expect(report).toMatchObject({
      schema: "poncast.conformance/1",
      target: "self (5vt)",
      counts: { pass: 1, fail: 1, skip: 1, notApplicable: 1 },
    });
    expect(report.cases[1]).toMatchObject({
      id: "loss.middle",
      verdict: "fail",
      fault: { key: "wrong-result", frame: 29, step: 3, clause: "I.3" },
    });
    const { frames } = report.cases[1]!.fault as { frames: { hex: string }[] };
    expect(frames.at(-1)!.hex).toMatch(/^[0-9a-f]{96}$/);
    expect(report.cases[3]).toMatchObject({ verdict: "skip", cause: expect.stringContaining("restart") });
  });

  it("JUnit: what a CI server counts is there, and it is well-formed XML", () => {
    const xml = junitReport(facts, mixed);
    const parsed = create(xml).end({ format: "object" }) as unknown as {
      testsuites: { testsuite: Record<string, unknown> & { testcase: Record<string, unknown>[] } };
    };
    const { testsuite } = parsed.testsuites;
    expect(testsuite).toMatchObject({ "@tests": "4", "@failures": "1", "@skipped": "2", "@errors": "0" });
    expect(testsuite.testcase).toHaveLength(4);
    expect(testsuite.testcase[1]).toMatchObject({
      "@classname": "conform.loss",
      failure: { "@type": "wrong-result", "@message": faultLine(middle[0]!.fault!) },
    });
    expect(testsuite.testcase[3]).toHaveProperty("skipped");
    expect(testsuite.testcase[0]).not.toHaveProperty("skipped");
  });

  it("JUnit: what cannot be in XML is left out", () => {
    const [report] = middle;
    const odd = { ...report!, fault: { ...report!.fault!, text: 'a\u0000b <c> & "d" \uFFFF' } };
    const xml = junitReport(facts, [odd]);
    for (const sign of ["\u0000", "\uFFFF"]) expect(xml).not.toContain(sign);
    expect(create(xml).end()).toContain("b &lt;c&gt; &amp;");
  });

  it("TAP 14: version, plan, a line each, directives and diagnostics", () => {
    const lines = tapReport(mixed).split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "TAP version 14",
      "1..4",
      "ok 1 - me.flags: Version and flags of both images in one Get",
      "not ok 2 - loss.middle: A section in the middle of a window is missing",
    ]);
    expect(lines).toContain("  ---");
    expect(lines).toContain("  key: wrong-result");
    expect(lines).toContain("  ...");
    expect(lines.find((line) => line.startsWith("ok 3"))).toMatch(/ # SKIP the ONT grants windows of 1 at most$/);
    expect(lines.find((line) => line.startsWith("ok 4"))).toContain(" # SKIP the case's beginning was not reached");
  });

  it("TAP 14: signs that have a meaning are escaped", () => {
    const [report] = tapReport([{ ...mixed[0]!, title: "a # b \\ c" }])
      .split("\n")
      .slice(2);
    expect(report).toBe("ok 1 - me.flags: a \\# b \\\\ c");
  });
});

describe("signed reports", () => {
  const { publicPem, privatePem } = generateKeyPair();
  const report = Buffer.from(JSON.stringify(jsonReport(facts, mixed)));
  const signature = signReport(report, privatePem);

  it("hold for the bytes and the key they were made with", () => {
    expect(isReportSigned(report, signature, [readPublicKey(publicPem)])).toBe(true);
  });

  it("do not hold for others", () => {
    const other = readPublicKey(generateKeyPair().publicPem);
    expect(isReportSigned(report, signature, [other])).toBe(false);
    expect(isReportSigned(report.subarray(1), signature, [readPublicKey(publicPem)])).toBe(false);
    for (const broken of ["", "AAAA", `A${signature}`])
      expect(isReportSigned(report, broken, [readPublicKey(publicPem)])).toBe(false);
  });
});
