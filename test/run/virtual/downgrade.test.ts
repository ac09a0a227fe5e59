/** A whole run with an image that is older than what the ONTs have committed to. */
import { expect, test } from "vitest";
import { simulate } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const run = (ont: string) =>
  simulate(parseScenario(`{ onts: 3, image: { bytes: 20000, securityVersion: 1 }, ont: ${ont} }`, "text")).result;

test("older than what the ONTs have committed to, the image is sent to none beyond its first window", () => {
  const { onts, ontResults, downstream } = run("{ securityVersion: 2 }");
  expect(onts).toMatchObject({ total: 3, committed: 0, failed: 3 });
  for (const { cause, version } of ontResults) {
    expect(cause).toMatch(/security-version-too-low/);
    expect(version).toBe("PONCAST-1.0.0");
  }
  expect(downstream.imageCopies).toBeLessThan(3);
});

test("it is committed where that is allowed, and where it is not older", () => {
  expect(run("{ securityVersion: 2, allowDowngrade: true }").onts).toMatchObject({ committed: 3 });
  expect(run("{ securityVersion: 1 }").onts).toMatchObject({ committed: 3 });
});
