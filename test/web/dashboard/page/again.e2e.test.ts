/** Buttons of the live page by which an ONT is taken up again and the next wave begins, and by which its pictures and tables are taken along. */
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../../scenarios/index.ts";
import { hasBrowser } from "../../report/browser.ts";
import { patient } from "../fixture.ts";
import { taken, useStage } from "./served.ts";
import { axeFaults, downloaded, tooNarrow } from "./views.ts";

const stage = useStage();

/** The canary stays on trial for longer than any test. */
const waved = parseScenario(
  `
name: waved
onts: 6
image: { bytes: 60000 }
olt: { canary: 2, wave: 3, soakMs: 3600000, runSeconds: 86400 }
`,
  "waved.yaml",
);

const who = { by: "page from 127.0.0.1", refused: "" };

describe.skipIf(!hasBrowser)("the live page", () => {
  it("retries an ONT that was skipped", async () => {
    const served = await stage.serve(patient);
    const { live, commands } = served;
    const { page, errors } = await stage.open(served);
    const press = (name: string) => async (): Promise<void> => page.getByRole("button", { name }).click();
    await page.getByRole("button", { name: "As a table" }).click();
    await page.getByRole("button", { name: "ONT 2", exact: true }).click();
    await taken(press("Skip this ONT"), commands, "skip");
    const retry = await taken(press("Retry this ONT"), commands, "retry");
    expect(retry).toMatchObject({ ...who, onuId: commands.find(({ command }) => command === "skip")!.onuId });
    expect(retry.id).not.toBe("");
    await page.getByText("ONT 2 is taken up again").waitFor();
    await page.getByRole("button", { name: "Skip this ONT" }).waitFor();
    await expect.poll(() => live.model.logs[2].phase).not.toBe("skipped");
    // By its key, too: the panel has the focus still.
    await taken(press("Skip this ONT"), commands, "skip");
    await page.getByRole("button", { name: "Retry this ONT" }).waitFor();
    expect(await taken(() => page.keyboard.press("r"), commands, "retry")).toMatchObject(who);
    await page.getByRole("button", { name: "Skip this ONT" }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("releases the next wave, and says why there is none", async () => {
    const served = await stage.serve(waved);
    const { live, commands } = served;
    const { page } = await stage.open(served);
    const phases = (): string => live.model.logs.map(({ phase }) => phase ?? "").join(" ");
    await expect.poll(phases).toMatch(/^soaking soaking stored stored stored stored$/);
    const press = async (): Promise<void> => page.getByRole("button", { name: "Release next wave" }).click();
    expect(await taken(press, commands, "release")).toMatchObject(who);
    await page.getByText("the next wave is released").waitFor();
    await expect.poll(phases).toMatch(/^soaking soaking soaking soaking soaking stored$/);
    await taken(press, commands, "release");
    await expect.poll(phases).not.toContain("stored");
    await taken(press, commands, "release");
    await page.getByText("no ONT has its image stored and waits for its wave").waitFor();
  });

  it("gives its pictures as SVG and PNG, and its tables as CSV", async () => {
    const served = await stage.serve(patient);
    const { live } = served;
    const { page, errors } = await stage.open(served);
    const take = async (region: string, name: string): Promise<{ name: string; bytes: Buffer }> =>
      downloaded(page, () => page.getByRole("region", { name: region }).getByRole("button", { name }).last().click());
    const map = await take("ONTs", "SVG");
    expect(map.name).toBe("patient-ONTs.svg");
    const svg = map.bytes.toString();
    expect(svg).toContain("port 1");
    expect(svg.match(/<use href="#[a-z]+" /gi)).toHaveLength(32);
    expect((await take("ONTs", "PNG")).bytes.subarray(1, 4).toString()).toBe("PNG");
    await expect.poll(() => live.model.snapshot("patient").series?.length ?? 0).toBeGreaterThan(2);
    const rate = (await take("Rate over time", "SVG")).bytes.toString();
    for (const text of ["patient: rate over time", "downstream", "bit/s"]) expect(rate).toContain(text);
    expect((await take("Rate over time", "PNG")).bytes.subarray(1, 4).toString()).toBe("PNG");
    expect((await take("Rate over time", "CSV")).bytes.toString()).toMatch(/^seconds,downstream bit\/s/);
    expect((await take("Groups over time", "CSV")).bytes.toString()).toMatch(/\nport 0: first group,16,/);
    await page.getByRole("button", { name: "As a table" }).click();
    const table = await take("ONTs", "CSV");
    expect(table.bytes.toString().trim().split("\n")).toHaveLength(33);
    await page.getByRole("button", { name: "ONT 3", exact: true }).click();
    const panel = page.getByRole("complementary", { name: "ONT 3" });
    const instances = panel.getByRole("button", { name: "CSV" }).first();
    const slots = await downloaded(page, () => instances.click());
    expect(slots.name).toBe("Image-instances.csv");
    expect(await axeFaults(page)).toEqual([]);
    expect(await tooNarrow(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
