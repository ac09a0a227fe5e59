/** ONTs that are sent baseline messages though extended ones were asked for are told of: in a line, in the table, on their own panel. */
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../../scenarios/index.ts";
import { hasBrowser } from "../../report/browser.ts";
import { useStage } from "./served.ts";
import { axeFaults, tooNarrow } from "./views.ts";

const stage = useStage();

/** The two of baseline come first, and take longer than any test. */
const mixed = parseScenario(
  `
name: mixed
onts: 6
image: { bytes: 4000000 }
fleet: [{ count: 2, omccVersion: 0xA0 }, {}]
olt: { rateBytesPerSecond: 60000, runSeconds: 86400 }
`,
  "mixed.yaml",
);

const LINE = "extended was asked for; 2 ONTs said in ONU2-G not to know it and were sent baseline messages";

describe.skipIf(!hasBrowser)("messages that some ONTs do not know", () => {
  it.each(["light", "dark"] as const)("are told where one looks, in %s", async (scheme) => {
    const served = await stage.serve(mixed);
    const { page, errors } = await stage.open(served, { scheme });
    await page.getByRole("region", { name: "Overview" }).getByText(LINE).waitFor();
    await page.getByRole("button", { name: "As a table" }).click();
    await page.getByRole("columnheader", { name: "messages" }).waitFor();
    await page.getByRole("searchbox").fill("baseline");
    const table = page.getByRole("region", { name: "Table of ONTs" });
    await expect.poll(() => table.getByRole("button").allTextContents()).toEqual(["ONT 0", "ONT 1"]);
    await table.getByRole("button", { name: "ONT 1" }).click();
    const told = page.getByRole("complementary", { name: "ONT 1" }).getByText("baseline: it does not know extended");
    await told.waitFor();
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "ONT 3", exact: true }).click();
    const other = page.getByRole("complementary", { name: "ONT 3" });
    await other.getByText("Sections lost").waitFor();
    expect(await other.getByText("baseline").count()).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    expect(await tooNarrow(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
