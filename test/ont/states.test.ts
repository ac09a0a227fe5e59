/** The legality table of figure 9.1.4-1, cell by cell: answer and next state. */
import { describe, expect, it } from "vitest";
import { factoryRecord, imageStateOf, type ImageState, type Slot } from "../../ont/index.ts";
import { newFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { factoryImage, storedImage, testImage } from "./images.ts";

/** Image in the state figure 9.1.4-1 starts from, and what it downloads: "0" is the committed one of the unprimed states. */
type Image = 0 | 1;
type Command =
  | `start(${Image})`
  | "section(1)"
  | "end good"
  | "end wrong CRC"
  | "end wrong size"
  | "abort"
  | `activate(${Image})`
  | `commit(${Image})`
  | "reboot"
  | "power cut";
type State = "S1" | "S2" | "S3" | "S4" | "S4'";

/** Section 3 of the reference, its legality table included: command → answer, next state. */
const table: Record<State, Record<Command, readonly [number | null, ImageState]>> = {
  S1: {
    "start(0)": [3, "S1"],
    "start(1)": [0, "S2"],
    "section(1)": [1, "S1"],
    "end good": [1, "S1"],
    "end wrong CRC": [1, "S1"],
    "end wrong size": [1, "S1"],
    abort: [1, "S1"],
    "activate(0)": [0, "S1"],
    "activate(1)": [3, "S1"],
    "commit(0)": [0, "S1"],
    "commit(1)": [3, "S1"],
    reboot: [0, "S1"],
    "power cut": [null, "S1"],
  },
  S2: {
    "start(0)": [3, "S2"],
    "start(1)": [0, "S2"],
    "section(1)": [0, "S2"],
    "end good": [0, "S3"],
    "end wrong CRC": [1, "S1"],
    "end wrong size": [1, "S1"],
    abort: [0, "S1"],
    "activate(0)": [0, "S1"],
    "activate(1)": [3, "S2"],
    "commit(0)": [0, "S2"],
    "commit(1)": [3, "S2"],
    reboot: [0, "S1"],
    "power cut": [null, "S1"],
  },
  S3: {
    "start(0)": [3, "S3"],
    "start(1)": [0, "S2"],
    "section(1)": [1, "S3"],
    "end good": [1, "S3"],
    "end wrong CRC": [1, "S3"],
    "end wrong size": [1, "S3"],
    abort: [1, "S3"],
    "activate(0)": [0, "S3"],
    "activate(1)": [0, "S4"],
    "commit(0)": [0, "S3"],
    "commit(1)": [0, "S4'"],
    reboot: [0, "S3"],
    "power cut": [null, "S3"],
  },
  S4: {
    "start(0)": [3, "S4"],
    "start(1)": [3, "S4"],
    "section(1)": [1, "S4"],
    "end good": [1, "S4"],
    "end wrong CRC": [1, "S4"],
    "end wrong size": [1, "S4"],
    abort: [1, "S4"],
    "activate(0)": [0, "S3"],
    "activate(1)": [0, "S4"],
    "commit(0)": [0, "S4"],
    "commit(1)": [0, "S3'"],
    reboot: [0, "S3"],
    "power cut": [null, "S3"],
  },
  "S4'": {
    "start(0)": [3, "S4'"],
    "start(1)": [3, "S4'"],
    "section(1)": [1, "S4'"],
    // Still in the uptime that stored the image: the repeat of the End that was good.
    "end good": [0, "S4'"],
    "end wrong CRC": [1, "S4'"],
    "end wrong size": [1, "S4'"],
    abort: [1, "S4'"],
    "activate(0)": [0, "S4'"],
    "activate(1)": [0, "S3'"],
    "commit(0)": [0, "S3"],
    "commit(1)": [0, "S4'"],
    reboot: [0, "S3'"],
    "power cut": [null, "S3'"],
  },
};

const content = testImage(100, 3);
const sectionsOfContent = 4;
const other = testImage(100, 4);

/** The flags figure 9.1.4-1 gives a state: committed, active, valid of image 0, then of image 1. */
const flags: Record<ImageState, string> = {
  S1: "111 000",
  S2: "111 000",
  S3: "111 001",
  S4: "101 011",
  "S1'": "000 111",
  "S2'": "000 111",
  "S3'": "001 111",
  "S4'": "011 101",
};

/** A bench in a state; primed states begin from an ONT whose committed image is number 1. */
function inState(state: State, isPrimed: boolean): BenchOnt {
  const target = isPrimed ? 0 : 1;
  const flash = newFlash(factoryRecord(factoryImage));
  if (isPrimed) flash.record = { ...flash.record, committed: 1, slots: [null, factoryImage] };
  const bench = BenchOnt.up({}, flash);
  if (state === "S1") return bench;
  if (state === "S2") {
    expect(bench.start(content.length, { instanceId: target })).toBe(0);
    bench.window(content, {
      base: bench.tci,
      firstSection: 0,
      sections: sectionsOfContent,
      sectionBytes: 31,
      instanceId: target,
    });
    bench.tci += sectionsOfContent;
    return bench;
  }
  bench.download(content, { instanceId: target });
  if (state === "S3") {
    // Uptime forgets which End stored the image, so that an End is just out of place.
    bench.powerCycle();
    bench.runUntilOnline();
  } else if (state === "S4") {
    expect(bench.activate(target)).toBe(0);
    bench.advance(10_000e6);
    bench.runUntilOnline();
  } else {
    expect(bench.commit(target)).toBe(0);
  }
  return bench;
}

function carryOut(bench: BenchOnt, command: Command, isPrimed: boolean): number | null | undefined {
  const image = (number: Image): Slot => (isPrimed ? (number === 0 ? 1 : 0) : number);
  const instanceId = image(1);
  switch (command) {
    case "start(0)":
    case "start(1)":
      return bench.start(200, { instanceId: image(command === "start(0)" ? 0 : 1) });
    case "section(1)": {
      const before = bench.sent.length;
      const sections = {
        base: bench.tci,
        firstSection: 0,
        sections: 1,
        sectionBytes: 31,
        instanceId,
      };
      // In S2 the content is in already: a section of a second download of it.
      if (bench.ont.snapshot().state === "downloading") bench.start(content.length, { instanceId });
      bench.window(content, { ...sections, base: bench.tci });
      const answer = bench.sent.slice(before).at(-1);
      return answer?.type === "downloadSectionResponse" ? answer.result : undefined;
    }
    case "end good":
      return bench.end(content, { instanceId });
    case "end wrong CRC":
      return bench.end(other, { instanceId });
    case "end wrong size":
      return bench.end(content, { instanceId, imageBytes: 99 });
    case "abort":
      return bench.abort(instanceId);
    case "activate(0)":
    case "activate(1)":
      return bench.activate(image(command === "activate(0)" ? 0 : 1));
    case "commit(0)":
    case "commit(1)":
      return bench.commit(image(command === "commit(0)" ? 0 : 1));
    case "reboot":
      return bench.reboot();
    case "power cut":
      bench.powerCycle();
      return null;
  }
}

const withPrime = (state: ImageState): ImageState =>
  (state.endsWith("'") ? state.slice(0, -1) : `${state}'`) as ImageState;

describe.each([
  ["", false],
  ["'", true],
] as const)("figure 9.1.4-1, states %s", (_prime, isPrimed) => {
  for (const [state, commands] of Object.entries(table) as [State, (typeof table)[State]][]) {
    for (const [command, [answer, next]] of Object.entries(commands) as [
      Command,
      readonly [number | null, ImageState],
    ][]) {
      const expected = isPrimed ? withPrime(next) : next;
      const from = isPrimed ? withPrime(state) : state;
      it(`${from}: ${command} is answered ${answer ?? "–"}, then ${expected}`, () => {
        const bench = inState(state, isPrimed);
        expect(nameOf(bench)).toBe(from);
        expect(flagsOf(bench)).toBe(flags[from]);
        expect(carryOut(bench, command, isPrimed)).toBe(answer);
        const { online } = bench.ont.snapshot();
        bench.advance(20_000e6);
        if (!online || bench.ont.snapshot().online) bench.runUntilOnline();
        expect(nameOf(bench)).toBe(expected);
        expect(flagsOf(bench)).toBe(flags[expected]);
        expect(bench.flash.record).toEqual(bench.ont.snapshot().record);
      });
    }
  }
});

function nameOf(bench: BenchOnt): ImageState {
  const { record, activeSlot, state } = bench.ont.snapshot();
  return imageStateOf(record, activeSlot, state === "downloading" || state === "verifying");
}

function flagsOf(bench: BenchOnt): string {
  return bench.ont
    .snapshot()
    .flags.map((image) => [image.committed, image.active, image.valid].map(Number).join(""))
    .join(" ");
}

describe("a factory with two images", () => {
  it("comes up in S3", () => {
    const second = storedImage("SECOND", testImage(50));
    const bench = BenchOnt.up({}, newFlash(factoryRecord(factoryImage, second)));
    expect(nameOf(bench)).toBe("S3");
  });
});
