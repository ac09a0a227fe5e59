// Of the results of the loops, vitest's JSON files: how many tests passed and failed on stdout, and what failed on stderr.
import { readFileSync } from "node:fs";

const TEXT_MAX = 2000;
const counts = { passed: 0, failed: 0 };
const failed = (place, ...texts) =>
  console.error([`FAILED ${place}`, ...texts.map((text) => text.slice(0, TEXT_MAX))].join("\n  "));

for (const file of process.argv.slice(2)) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // A loop that left no results has failed as one.
    counts.failed += 1;
    failed(file, "no results were written");
    continue;
  }
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests;
  for (const { name, message, status, assertionResults } of report.testResults) {
    const failures = assertionResults.filter((each) => each.status === "failed");
    if (status === "failed" && failures.length === 0) failed(name, message);
    for (const { fullName, failureMessages } of failures) failed(name, fullName, failureMessages.join("\n"));
  }
}
console.log(counts.passed, counts.failed);
