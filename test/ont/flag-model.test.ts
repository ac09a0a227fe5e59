/** Our ONT against the independent table of flags and results: random sequences, then cell by cell. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../base/kernel/crc32.ts";
import { maskOf, SOFTWARE_IMAGE, unpackAttributes } from "../../omci/index.ts";
import type { Message, MessageBody } from "../../omci/messages.ts";
import { type BootPlan, factoryRecord } from "../../ont/index.ts";
import {
  cellName,
  cellNames,
  type Command,
  factory,
  flagsOf,
  type Instance,
  outcomes,
  type Position,
} from "./flag-model.ts";
import { ms } from "./bench.ts";
import { allCommands, exchange, probes, type Step, steps, ways } from "./flag-commands.ts";
import { newFlash } from "./flash.ts";
import { BenchOnt, encode } from "./hands.ts";
import { factoryImage, testImage } from "./images.ts";

/** Three baseline sections: a window of two, and one of the last. */
const content = testImage(82, 5);
const sectionBytes = 31;
const otherSizeBytes = 113;
/** Longer than three boots that hang, and the boot of the other image. */
const restartMs = 60_000;
/** G.988 B.2. */
const answerMs = 1000;
/** An image that does not boot is given up after so many tries. */
const bootTries = 3;

/** An ONT, and what can be done to it. */
class Subject {
  readonly bench: BenchOnt;
  #failuresLeft = 0;
  #storing: Instance | undefined;

  constructor() {
    const bootsFrom = (): number => (this.#failuresLeft-- > 0 ? Infinity : 1);
    const boot: BootPlan = {
      kind: "bootsAt",
      get attempt() {
        return bootsFrom();
      },
    };
    // No image is known to boot whatever comes.
    this.bench = BenchOnt.up({ boot }, newFlash({ ...factoryRecord(factoryImage), factorySha256: [] }));
  }

  get isStoring(): boolean {
    return this.#storing !== undefined;
  }

  flags(): [string, string] {
    const of = (instanceId: number): string => {
      const attributeMask = maskOf(SOFTWARE_IMAGE, "isCommitted", "isActive", "isValid");
      const answer = this.bench.ask({ type: "getRequest", attributeMask }, { instanceId });
      if (answer?.type !== "getResponse" || answer.result !== 0) throw new Error("Get was not answered 0");
      const { isCommitted, isActive, isValid } = unpackAttributes(SOFTWARE_IMAGE, attributeMask, answer.values);
      return `${Number(isCommitted)}/${Number(isActive)}/${Number(isValid)}`;
    };
    return [of(0), of(1)];
  }

  /**
   * @param repeats how often the request is repeated to the bit
   * @returns results of the request and its repeats
   */
  carryOut(command: Command, repeats: number): (number | undefined)[] {
    const send = this.#sender(command);
    const results = [send()];
    for (let repeat = 0; repeat < repeats; repeat++) results.push(send());
    if (command.do === "endSlowFlash" && results[0] === 6) this.#storing ??= command.on as Instance;
    if (command.do === "activateThenPowerCut" || command.do === "powerCut") this.#powerCut();
    else if ((command.do.startsWith("activate") || command.do === "reboot") && results[0] === 0) this.#restart();
    this.#failuresLeft = 0;
    return results;
  }

  /** The flash does at once what it still has to do. */
  drainFlash(): void {
    while (this.bench.flashStep());
    this.bench.instantFlash = true;
    this.#storing = undefined;
  }

  #powerCut(): void {
    this.bench.powerCycle();
    this.bench.runUntilOnline();
  }

  #restart(): void {
    const { bench } = this;
    bench.advance(restartMs * ms);
    bench.ont.handleRanged(bench.nowNs, 1);
    bench.settle();
  }

  /** What sends the command: each time the same bytes. */
  #sender(command: Command): () => number | undefined {
    const instanceId = !("on" in command) ? 1 : command.on === "unknown" ? 2 : command.on;
    const end = (change: { crc32?: number; imageBytes?: number } = {}): MessageBody => ({
      type: "endDownloadRequest",
      crc32: crc32(content),
      imageBytes: content.length,
      instances: [instanceId],
      ...change,
    });
    const start = (imageBytes = content.length): MessageBody => ({
      type: "startDownloadRequest",
      windowSections: 8,
      imageBytes,
      instances: [instanceId],
    });
    switch (command.do) {
      case "start":
        return this.#request(start(), instanceId);
      case "startOtherSize":
        return this.#request(start(otherSizeBytes), instanceId);
      case "unknownClass":
        return this.#request(start(), instanceId, 0xfff0);
      case "firstWindow":
        return this.#window(instanceId, 0, 2);
      case "firstWindowWithGap":
        return this.#window(instanceId, 0, 2, 1);
      case "lastWindow":
        return this.#window(instanceId, 2, 1);
      case "end":
        return this.#request(end(), instanceId);
      case "endSlowFlash":
        this.bench.instantFlash = false;
        return this.#request(end(), instanceId);
      case "endWrongCrc":
        return this.#request(end({ crc32: (crc32(content) ^ 1) >>> 0 }), instanceId);
      case "endWrongSize":
        return this.#request(end({ imageBytes: content.length + 1 }), instanceId);
      case "abort":
        return this.#request(end({ crc32: 0xffffffff, imageBytes: 0 }), instanceId);
      case "finish":
        return this.#finish();
      case "activateFailsToBoot":
        this.#failuresLeft = bootTries;
        return this.#request({ type: "activateImageRequest", flags: 0 }, instanceId);
      case "activate":
      case "activateThenPowerCut":
        return this.#request({ type: "activateImageRequest", flags: 0 }, instanceId);
      case "commit":
        return this.#request({ type: "commitImageRequest" }, instanceId);
      case "reboot":
        return this.#request({ type: "rebootRequest", flags: 0 }, 0, 256);
      case "powerCut":
        return () => undefined;
    }
  }

  #request(body: MessageBody, instanceId: number, classId = SOFTWARE_IMAGE): () => number | undefined {
    const { bench } = this;
    const tci = bench.tci++;
    return () => {
      const before = bench.sent.length;
      bench.frame("omcc", encode({ ...body, tci, messageSet: bench.messageSet, classId, instanceId }));
      const answer = (): Message | undefined => bench.sent.slice(before).find((message) => message.tci === tci);
      // Ends wait a little for the flash before they are answered "device busy".
      if (answer() === undefined) bench.advance(answerMs * ms);
      const found = answer();
      return found !== undefined && "result" in found ? found.result : undefined;
    };
  }

  #window(instanceId: number, firstSection: number, sections: number, from = 0): () => number | undefined {
    const base = this.bench.tci;
    this.bench.tci += sections;
    return () => this.bench.windowResult(content, { base, firstSection, sections, sectionBytes, instanceId, from });
  }

  #finish(): () => number | undefined {
    const instance = this.#storing;
    if (instance === undefined) return () => undefined;
    this.drainFlash();
    return this.#sender({ do: "end", on: instance });
  }
}

/**
 * Carries the steps out and holds results and flags to the table.
 *
 * @param onCell told of each cell of the table that was tried
 */
function play(steps: readonly Step[], onCell: (cell: string, primed: boolean) => unknown = () => undefined): void {
  const subject = new Subject();
  let possible: Position[] = [factory];
  expect(subject.flags()).toEqual(flagsOf(factory));
  const story: string[] = [];
  for (const { command, repeats } of steps) {
    const allowed = possible.flatMap((position) => outcomes(position, command) ?? []);
    if (allowed.length === 0) continue;
    for (const position of possible) onCell(cellName(position, command), position.primed);
    const [result, ...repeated] = subject.carryOut(command, repeats);
    const flags = subject.flags();
    story.push(`${JSON.stringify(command)} in ${JSON.stringify(possible)}: ${result}, then ${flags.join(" and ")}`);
    possible = allowed
      .filter((outcome) => outcome.result === result && flagsOf(outcome.position).join() === flags.join())
      .map(({ position }) => position);
    if (possible.length === 0) expect.fail(`${story.join("\n")}\nallowed: ${JSON.stringify(allowed)}`);
    if (repeated.some((again) => again !== result))
      expect.fail(`${story.join("\n")}\nthe repeat was answered ${repeated.join(", ")}`);
    if (!possible.some(({ state }) => state === "S2storing")) subject.drainFlash();
  }
}

describe("flags and results of our ONT", () => {
  it("are those of figure 9.1.4-1 after any sequence of commands", () => {
    fc.assert(
      fc.property(steps, (list) => play(list)),
      { numRuns: 1000 },
    );
  });

  it("are those of every cell of the table, with images 0 and 1 as they are and exchanged", () => {
    const tried = new Set<string>();
    for (const isPrimed of [false, true]) {
      const begin = isPrimed ? exchange : [];
      const note = (cell: string, primed: boolean): unknown => tried.add(`${cell}${primed ? ", primed" : ""}`);
      for (const way of Object.values(ways(isPrimed ? 0 : 1))) {
        for (const command of allCommands) {
          const steps = [...begin, ...way].map((each) => ({ command: each, repeats: 0 }));
          play([...steps, { command, repeats: 1 }], note);
          // What two commands bring to light: states that look alike.
          for (const next of probes) play([...steps, { command, repeats: 0 }, { command: next, repeats: 0 }], note);
        }
      }
    }
    const all = cellNames.flatMap((cell) => [cell, `${cell}, primed`]);
    expect(all.filter((cell) => !tried.has(cell))).toEqual([]);
  });
});
