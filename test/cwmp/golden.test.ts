/** Recorded sessions, both ways: what stands in a file is what it says, and what is said is written as in the file. */
import { describe, expect, it } from "vitest";
import { readCwmp, writeCwmp } from "../../cwmp/index.ts";
import { foreign, golden, update } from "./golden/sessions.ts";

describe("an update of ours", () => {
  it.each(update)("%s", (name, envelope) => {
    expect(readCwmp(golden(name))).toEqual({ ok: true, envelope });
    expect(writeCwmp(envelope)).toBe(golden(name).toString());
  });
});

describe("other people's messages", () => {
  it.each(foreign)("%s", (name, envelope) => {
    expect(readCwmp(golden(name))).toEqual({ ok: true, envelope });
  });
});
