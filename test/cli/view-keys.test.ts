/** Keys of the live view: what each asks of the run, and a keyboard that is left as it was. */
import { describe, expect, it } from "vitest";
import { EventEmitter } from "node:events";
import { type Keyboard, listenToKeys } from "../../cli/view/keys.ts";
import type { OltOntStatus } from "../../olt/core/types.ts";
import type { OltCommand, OltStatus } from "../../olt/index.ts";

class FakeKeyboard extends EventEmitter implements Keyboard {
  isTTY = true;
  raw = false;
  flowing = false;
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  resume(): void {
    this.flowing = true;
  }
  pause(): void {
    this.flowing = false;
  }
}

function begin(control = { paused: false, aborting: false, rateBytesPerSecond: 1000 }) {
  const keyboard = new FakeKeyboard();
  const given: OltCommand[] = [];
  const lines: string[] = [];
  let interrupts = 0;
  const onts: Pick<OltOntStatus, "serial" | "phase">[] = [];
  const olt = { control, onts } as unknown as OltStatus;
  const close = listenToKeys(
    keyboard,
    {
      command: (command) => {
        given.push(command);
        return Promise.resolve({ accepted: true });
      },
      view: () => ({ phase: "running", elapsedMs: 1, olt }),
    },
    { log: (line) => lines.push(line), interrupt: () => void interrupts++ },
  );
  const press = (keys: string): OltCommand[] => {
    given.length = 0;
    keyboard.emit("data", keys);
    return [...given];
  };
  return { keyboard, press, close, lines, control, onts, interrupts: () => interrupts };
}

const by = "keyboard";

describe("keys", () => {
  it("p pauses and resumes", () => {
    const { press, control } = begin();
    expect(press("p")).toEqual([{ kind: "pause", by }]);
    control.paused = true;
    expect(press("p")).toEqual([{ kind: "resume", by }]);
  });

  it("a asks again", () => {
    const { press } = begin();
    expect(press("y")).toEqual([]);
    expect(press("a")).toEqual([]);
    expect(press("ny")).toEqual([]);
    expect(press("ay")).toEqual([{ kind: "abort", by }]);
  });

  it("w releases the next wave", () => {
    expect(begin().press("w")).toEqual([{ kind: "release", by }]);
  });

  it("r takes up one ONT after the other that may be", () => {
    const { press, lines, onts } = begin();
    expect(press("r")).toEqual([]);
    expect(lines).toEqual(["retry: no ONT failed, was rolled back or was skipped"]);
    onts.push(
      { serial: "PONC00000001", phase: "committed" },
      { serial: "PONC00000002", phase: "failed" },
      { serial: "PONC00000003", phase: "skipped" },
      { serial: "PONC00000004", phase: "rolledBack" },
    );
    const asked = press("rrrr").map((command) => (command.kind === "retry" ? command.serial : command.kind));
    expect(asked).toEqual(["PONC00000002", "PONC00000003", "PONC00000004", "PONC00000002"]);
    // Who was taken up is in another phase, and so no longer in the list.
    onts.splice(1, 1);
    expect(press("r")).toEqual([{ kind: "retry", serial: "PONC00000003", by }]);
    press("?");
    expect(lines.at(-1)).toContain("r retry an ONT that failed, was rolled back or was skipped");
  });

  it("+ and - change the rate, ? says what there is", () => {
    const { press, lines } = begin();
    expect(press("+-")).toEqual([
      { kind: "rate", bitsPerSecond: 10_000, by },
      { kind: "rate", bitsPerSecond: 6400, by },
    ]);
    press("?");
    expect(lines[0]).toContain("p pause or resume");
  });

  it("Ctrl-C interrupts, and gives the keyboard back; so does closing, once", () => {
    const { keyboard, press, close, interrupts } = begin();
    const listeners = process.listenerCount("exit");
    expect([keyboard.raw, keyboard.flowing]).toEqual([true, true]);
    press("\u0003");
    expect([keyboard.raw, keyboard.flowing, interrupts()]).toEqual([false, false, 1]);
    close();
    expect(process.listenerCount("exit")).toBe(listeners - 1);
    expect(press("p")).toEqual([]);
  });

  it("are none where nobody types", () => {
    const keyboard = new FakeKeyboard();
    keyboard.isTTY = false;
    listenToKeys(
      keyboard,
      { command: () => Promise.reject(new Error()), view: () => ({ phase: "running", elapsedMs: 0, olt: undefined }) },
      { log: () => undefined, interrupt: () => undefined },
    );
    expect([keyboard.raw, keyboard.listenerCount("data")]).toEqual([false, 0]);
  });
});
