/** `poncast size`: what its options may be, and what it answers to the questions of a network engineer. */
import { describe, expect, it } from "vitest";
import { hoursOf, clockText } from "../../cli/commands/size/hours.ts";
import { Steps } from "../../cli/commands/size/progress.ts";
import { commandHere } from "../support/command.ts";

describe("poncast size refuses, in one line", () => {
  it.each([
    [["--power-cuts-every", "0s"], "--power-cuts-every: 0s is not allowed; 1 s at least"],
    [["--power-cuts-every", "999ms"], "--power-cuts-every: 999ms is not allowed; 1 s at least"],
    [["--off", "0.3"], "--off and --join: which share is off, and when it comes back, go together"],
    [["--off", "1.5", "--join", "2h"], "--off: 1.5 is not allowed; 0 to 1"],
    [["--off", "30%", "--join", "2h..1h"], "--join: 2h..1h is not allowed; a time above 0"],
    [["--within", "4h", "--compare"], "--within: changes nothing with --compare; ask one after the other"],
    [["--within", "4h", "--check"], "--within: changes nothing with --check"],
    [["--within", "4h", "--window", "02:00-05:00"], "--within: changes nothing with --window and hours"],
    [["--window", "02:00-05:00", "--compare"], "--compare: changes nothing with --window and hours"],
    [["--window", "02:00-05:00", "--window", "1:00-2:00"], "--window: once for sections and once for hours at most"],
    [["--window", "02:00-02:00"], "--window: 02:00-02:00 is not allowed; from-to by the clock"],
    [["--window", "300"], "--window: 300 is not allowed; 1 to 256 sections"],
    [["--seeds", "9"], "--seeds: changes nothing without --check"],
    [["--seed", "9", "--compare"], "--seed: changes nothing without --check"],
    [["--power-off-for", "1s"], "--power-off-for: changes nothing without --power-cuts-every"],
    [["--table", "--onts", "4"], "--onts: changes nothing with --table"],
    [["cold-night", "--table"], "cold-night: changes nothing with --table"],
    [["--interface", "eth0"], "--interface: changes nothing here: the model has no processes"],
    [["--loss", "1"], "--loss: 1: of 100 frames 100 are lost in the mean; the model takes up to 15 here"],
    [
      ["--loss", "60%", "--mode", "unicast"],
      "--loss: 60%: of 100 frames 60 are lost in the mean; the model takes up to 40",
    ],
    [["--image-size", "5GiB"], "--image-size: 5368709120 is not allowed; 1024 to 4294901760 bytes"],
    [["--image-size", "1GiB", "--check"], "--check: runs take images of up to 256.0 MiB"],
  ])("%j", async (words, line) => {
    const { code, out, err } = await commandHere(["size", ...words]);
    expect([code, out]).toEqual([2, ""]);
    expect(err.startsWith(line), err).toBe(true);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});

it("poncast size says of the feed what is mean and what is peak", async () => {
  const { out } = await commandHere(["size", "cold-night", "--rate", "1Mbit/s", "--pons", "4", "--window", "64"]);
  expect(out).toMatch(/^Feed +[\d.]+ Mbit\/s in the mean, 4\.0 Mbit\/s while sections leave, for 4 ports$/m);
});

describe("hours by the clock", () => {
  it.each([
    ["02:00-05:00", 7200, 10_800, "02:00 to 05:00"],
    ["2:00..5:00", 7200, 10_800, "02:00 to 05:00"],
    ["23:30-01:00", 84_600, 5400, "23:30 to 01:00"],
    ["22:00-24:00", 79_200, 7200, "22:00 to 00:00"],
    ["00:00-06:00", 0, 21_600, "00:00 to 06:00"],
  ])("%s", (text, startSeconds, seconds, says) =>
    expect(hoursOf("--window", text)).toEqual({ text: says, startSeconds, seconds }),
  );

  it.each(["02:00", "02:00-", "25:00-26:00", "02:60-03:00", "00:00-24:00"])("%s are none", (text) =>
    expect(() => hoursOf("--window", text)).toThrow("--window: "),
  );

  it("go on over midnight", () => expect(clockText(86_399 + 61)).toBe("00:01:00"));
});

/** Bits a second, of a text such as 49.8 Mbit/s. */
function bitsOf(text: string): number {
  const [figure, unit] = text.split(" ");
  return Number(figure) * { "bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9 }[unit]!;
}

describe("does it fit the night", () => {
  const words = ["--onts", "128", "--pons", "16", "--image-size", "32MiB", "--rate", "2%", "--loss", "0.1%"];
  const cells = (line: string): string[] => line.trim().split(/ {2,}/);

  it("2,048 ONTs: by each way, with figures that can be computed again from what is printed", async () => {
    const { code, out } = await commandHere(["size", ...words, "--feed", "1Gbit/s", "--window", "02:00-05:00"]);
    expect(code).toBe(0);
    const [head, verdicts, port, feed] = out.split("\n\n").map((part) => part.trim().split("\n").map(cells));
    const facts = Object.fromEntries(head.map(([name, ...values]) => [name, values.join(" ")])) as Record<
      string,
      string
    >;
    expect(facts["ONTs"]).toBe("2,048 on 16 PON ports, 128 on each");
    expect(facts["Hours"]).toBe("02:00 to 05:00: 3 h 00 min, 10,800 s");
    expect(facts["Budget"]).toBe("49.8 Mbit/s a port, 2.00 % of its line");
    const ways = verdicts.slice(1).map(([name]) => name);
    expect(ways).toEqual(
      ["parity", "selective", "window", "unicast repair"].map((name) => `multicast, ${name}`).concat("unicast"),
    );
    for (const [at, name] of ways.entries()) {
      const [, fits, takes, , , , sent] = verdicts[at + 1];
      expect(fits).toBe("yes");
      const meanBits = (Number(sent.replaceAll(/[, B]/g, "")) * 8) / Number.parseFloat(takes);
      const [, portMean, portShare, portPeak, portNeeded] = port[at + 1];
      const [feedName, feedMean, feedShare, feedPeak, feedNeeded] = feed[at + 1];
      expect(feedName).toBe(name);
      const near = (text: string, bits: number) =>
        expect(Math.abs(bitsOf(text) / bits - 1), `${name} ${text}`).toBeLessThan(0.01);
      near(portMean, meanBits);
      near(feedMean, meanBits * 16);
      near(portPeak, 0.02 * 2_488_320_000);
      near(feedPeak, 16 * 0.02 * 2_488_320_000);
      near(feedNeeded, bitsOf(portNeeded) * 16);
      expect(Math.abs(Number.parseFloat(portShare) - (meanBits / 2_488_320_000) * 100)).toBeLessThan(0.02);
      expect(Math.abs(Number.parseFloat(feedShare) - (meanBits * 16) / 1e7)).toBeLessThan(0.2);
    }
  });

  it("over midnight, where a feed is too small", async () => {
    const { out } = await commandHere([
      "size",
      ...words,
      "--feed",
      "10Mbit/s",
      "--window",
      "23:00-23:20",
      "--window",
      "128",
    ]);
    expect(out).toContain("windows of up to 128 sections");
    expect(out).toMatch(/^multicast, parity +yes/m);
    expect(out).toMatch(/^unicast +no .* too long/m);
    expect(out).toContain("Needed of the feed is more than it has");
  });
});

describe("progress", () => {
  const told = (isTTY: boolean, secondsEach: number, total = 4): string[] => {
    const lines: string[] = [];
    let nowMs = 0;
    const steps = new Steps(total, { isTTY, write: (text) => lines.push(text) }, () => nowMs);
    for (let step = 0; step < total; step++) {
      nowMs += secondsEach * 1000;
      steps.step("runs");
    }
    steps.end();
    return lines;
  };

  it("says nothing of what takes a moment", () => expect(told(true, 0.4)).toEqual([]));
  it("is a line that is written over on a terminal, and gone at the end", () =>
    expect(told(true, 3)).toEqual([
      "\rruns: 1 of 4, 9.0 s to go\u001b[K",
      "\rruns: 2 of 4, 6.0 s to go\u001b[K",
      "\rruns: 3 of 4, 3.0 s to go\u001b[K",
      "\r\u001b[K",
    ]));
  it("is a line now and then in a log", () =>
    expect(told(false, 4, 5)).toEqual(["runs: 1 of 5, 16.0 s to go\n", "runs: 4 of 5, 4.0 s to go\n"]));
});
