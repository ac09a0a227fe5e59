/** `--road https` and `--road file`: what they refuse, what they tell, and what size says of them. */
import { expect, it } from "vitest";
import { idleFieldsLine } from "../../cli/road-checks.ts";
import { parseScenario } from "../../scenarios/index.ts";
import { commandHere } from "../support/command.ts";

it.each([
  [["--pcap", "x.pcapng"], /--pcap: changes nothing with --road https/],
  [["--metrics", "127.0.0.1:0"], /--metrics: changes nothing with --road https/],
  [["--set", "olt.activate=false"], /--set olt\.activate: false is for the road omci/],
])("refuses %j", async (more, words) => {
  const { code, err } = await commandHere(["run", "--road", "https", ...more]);
  expect([code, err]).toEqual([2, expect.stringMatching(words)]);
});

it("refuses by file what is of no use there", async () => {
  const { code, err } = await commandHere(["run", "--road", "file", "--control", "127.0.0.1:0"]);
  expect([code, err]).toEqual([2, expect.stringMatching(/--control: changes nothing with --road file/)]);
});

it("names the fields that have no effect, in one line", () => {
  const of = (more: object) => idleFieldsLine(parseScenario(JSON.stringify(more), "x.yaml"));
  const impairments = [{ kind: "loss", chance: 0.1 }];
  expect(of({ road: "https", impairments, olt: { recovery: "window", runSeconds: 60 } })).toBe(
    "road https: without effect, as they are OMCI's: impairments, olt.recovery\n",
  );
  expect([of({ road: "https" }), of({ impairments })]).toEqual(["", ""]);
});

it("size --compare has rows for it, and says what multicast saves", async () => {
  const { out } = await commandHere([
    "size",
    "--compare",
    "--image-size",
    "1MiB",
    "--set",
    "image.deltas=[{base: PONCAST-1.0.0}]",
  ]);
  expect(out).toMatch(/^https, whole +128\.000 +/m);
  expect(out).toMatch(/^https, deltas +\d+\.\d{3} +/m);
  expect(out).not.toMatch(/^file/m);
  expect(out).toMatch(/^multicast saves 99\.\d % of what the headend sends over HTTPS$/m);
});

it("size --compare has a row for visits where the scenario says how far apart they are", async () => {
  const { out } = await commandHere(["size", "--compare", "--onts", "16", "--set", "updateZip.everySeconds=600"]);
  expect(out).toMatch(/^file, whole +0\.000 .* 2 h 30 min +0 bit\/s +0 bit\/s$/m);
  expect(out).toMatch(/^file: 16 visits, 10 min 00 s from one to the next, as the scenario says/m);
});
