/** Which ways of bench:throughput are taken. */
import { describe, expect, it } from "vitest";
import { HELP, WAYS, waysAsked } from "../../bench/throughput-options.ts";

describe("the ways of bench:throughput", () => {
  it("are all, or those that are named", () => {
    expect([...waysAsked("")]).toEqual([...WAYS]);
    expect([...waysAsked("poncast,uftp-8800")]).toEqual(["poncast", "uftp-8800"]);
    for (const name of WAYS) expect(HELP).toContain(name);
  });

  it("are refused in one line when there are none such", () => {
    expect(() => waysAsked("poncast,scp")).toThrow(`--ways poncast,scp: there is no scp; there are ${WAYS.join(", ")}`);
    expect(() => waysAsked("poncast,")).toThrow("no way without a name");
  });
});
