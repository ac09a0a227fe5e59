/** `--threads` of `poncast run`: what it refuses, and when a run stays on one thread. */
import { expect, it } from "vitest";
import { oneThreadLine, threadsOf } from "../../cli/threads-option.ts";
import { parseScenario } from "../../scenarios/schema/load.ts";

it.each([
  [{ threads: "0" }, true, "--threads 0: a whole number of 1 or more is needed, such as 2"],
  [{ threads: "two" }, true, "--threads two: a whole number of 1 or more is needed, such as 2"],
  [{ threads: "1.5" }, true, "--threads 1.5: a whole number of 1 or more is needed, such as 2"],
  [{ threads: "2" }, false, "--threads: changes nothing without --virtual: processes are on all cores as they are"],
  [{ threads: "2", ui: true }, true, /^--threads 2: not together with --ui, /],
  [{ threads: "2", speed: "1" }, true, /^--threads 2: not together with --speed, /],
  [{ threads: "2", control: "127.0.0.1:0" }, true, /^--threads 2: not together with --control, /],
  [{ threads: "2", pcap: "a.pcapng" }, true, /^--threads 2: not together with --pcap, /],
])("%j refuses", (flags, virtual, line) => {
  expect(() => threadsOf(flags, virtual)).toThrow(line);
});

it("takes a count, and one thread with whatever looks at the run", () => {
  expect(threadsOf({}, false)).toBeUndefined();
  expect(threadsOf({ threads: "4" }, true)).toBe(4);
  expect(threadsOf({ threads: "1", ui: true }, true)).toBe(1);
});

it("says why a run stays on one thread", () => {
  const scenarioOf = (pons: number) => parseScenario(`onts: 2\npons: ${pons}\n`, "threads.yaml");
  expect(oneThreadLine(scenarioOf(1), 2)).toBe("--threads 2: the run stays on one thread: there is one port\n");
  expect(oneThreadLine(scenarioOf(1), 1)).toBe("");
  expect(oneThreadLine(scenarioOf(2), 2)).toBe("");
});
