/** A run that needs more open files than a process may have is refused before anything is started. */
import { describe, expect, it } from "vitest";
import {
  type FilesAsked,
  ownOpenFiles,
  refuseFewFiles,
  refuseFewFilesHere,
  refuseFewMoreFiles,
} from "../../../run/processes/open-files.ts";

const asked: FilesAsked = { ontProcesses: 16, ontsPerProcess: 1, encapsulation: "gem" };
const refusal = (changes: Partial<FilesAsked>, limit: number): string => {
  try {
    refuseFewFiles({ ...asked, ...changes }, { limit, open: 19 });
  } catch (error) {
    if (error instanceof Error && error.name === "RunInputError") return error.message;
    throw error;
  }
  return "";
};

describe("the limit of open files", () => {
  it("is enough for a few ONT processes, and for 128 at the usual one", () => {
    expect(refusal({ ontProcesses: 8 }, 40)).toBe("");
    expect(refusal({ ontProcesses: 128 }, 1024)).toBe("");
    expect(refusal({ ontProcesses: 1, ontsPerProcess: 128, encapsulation: "plain" }, 1024)).toBe("");
  });

  it("is named in one line, with what helps", () => {
    expect(refusal({}, 40)).toBe(
      "a process may have 40 files open, and this needs 48; raise the limit (`ulimit -n 48`), or take fewer ONTs, " +
        "or more in a process (--onts-per-process)",
    );
    expect(refusal({ ontProcesses: 4, ontsPerProcess: 16 }, 40)).toMatch(/^.*needs 62; .*or fewer in a process/);
    expect(refusal({ ontProcesses: 4, ontsPerProcess: 16, encapsulation: "plain" }, 64)).toMatch(/needs 92; /);
  });

  it("is asked of those that live in this process as well", () => {
    const here = (onts: number): void => refuseFewFilesHere(onts, "gem", { limit: 40, open: 19 });
    expect(() => here(6)).not.toThrow();
    expect(() => here(16)).toThrow(/^a process may have 40 files open, and this needs 59; .*, or take fewer ONTs$/);
  });

  it("is this process's own, with what it has open", () => {
    const own = ownOpenFiles();
    expect(own?.limit).toBeGreaterThan(16);
    expect(own?.open).toBeGreaterThan(3);
    expect(() => refuseFewFiles({ ...asked, ontProcesses: 10_000_000 })).toThrow(/needs 100000\d\d/);
  });
});

describe("what an OLT alone or waiting ONTs open", () => {
  it("is asked for beside what the process has", () => {
    const more = (count: number): void => refuseFewMoreFiles(count, "fewer ONTs", { limit: 40, open: 19 });
    expect(() => more(15)).not.toThrow();
    expect(() => more(16)).toThrow("a process may have 40 files open, and this needs 41; raise the limit");
  });
});
