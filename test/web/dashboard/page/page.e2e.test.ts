/** The live page in a real browser, against a run in virtual time as slow as a clock: each button, by mouse and keyboard. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { serveDashboard } from "../../../../web/dashboard/index.ts";
import { hasBrowser } from "../../report/browser.ts";
import { patient, root } from "../fixture.ts";
import { type Served, taken, useStage } from "./served.ts";
import { axeFaults, tooNarrow } from "./views.ts";

const stage = useStage();
const serve = (): Promise<Served> => stage.serve(patient);

const phase = (page: Page): Promise<string | null> => page.locator(".key dd").first().textContent();

describe.skipIf(!hasBrowser)("the live page", () => {
  it("pauses, resumes, sets the rate, skips and aborts, with an id, and the journal says who", async () => {
    const run = await serve();
    const { page, errors } = await stage.open(run);
    const { commands } = run;
    const press = (name: string | RegExp) => async (): Promise<void> => page.getByRole("button", { name }).click();
    await taken(press("Pause"), commands, "pause");
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await expect.poll(() => phase(page)).toBe("Paused");
    await page.getByLabel("Rate for each port").fill("1,5");
    await taken(press("Set"), commands, "rate");
    await page.getByText("of the budget, 3.0 Mbit/s").waitFor();
    await taken(press("No limit"), commands, "rate");
    await page.getByLabel("Rate for each port").fill("0.1");
    await taken(press("Set"), commands, "rate");
    await taken(press("Resume"), commands, "resume");
    // By keys: to the map, two to the right, open.
    await page.getByRole("application").focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "Enter"]) await page.keyboard.press(key);
    const panel = page.getByRole("complementary", { name: "ONT 2" });
    await panel.getByText("PCST00000003").waitFor();
    await panel.getByRole("table", { name: "Image instances" }).waitFor();
    await taken(press("Skip this ONT"), commands, "skip");
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Abort …" }).click();
    expect(commands.map((each) => each.command)).not.toContain("abort");
    await page.getByRole("button", { name: "No", exact: true }).click();
    await page.getByRole("button", { name: "Abort …" }).click();
    await taken(press("Yes, abort"), commands, "abort");
    expect((await run.outcome).result.onts.failed).toBeGreaterThan(0);
    await page.getByText("Not as expected").waitFor();
    const given = commands.map(({ command, by, id, bitsPerSecond }) => ({
      command,
      by,
      hasId: id !== "",
      bitsPerSecond,
    }));
    expect(given.every(({ by, hasId }) => by === "page from 127.0.0.1" && hasId)).toBe(true);
    expect(
      given
        .filter(({ command }) => command === "rate")
        .map(({ bitsPerSecond }) => bitsPerSecond)
        .filter((_, at) => at % 2 === 0),
    ).toEqual([1_500_000, undefined, 100_000]);
    expect(errors).toEqual([]);
  });

  it("stops virtual time, steps it and lets it go on", async () => {
    const run = await serve();
    const { page } = await stage.open(run);
    await page.getByRole("combobox", { name: /^Time/ }).selectOption("stopped");
    await page.getByRole("button", { name: "Step 100 ms" }).waitFor();
    const stoodMs = run.live.model.head.elapsedMs;
    await page.getByRole("button", { name: "Step 100 ms" }).click();
    await expect.poll(() => run.live.model.head.elapsedMs).toBeGreaterThan(stoodMs + 50);
    await page.getByRole("combobox", { name: /^Time/ }).selectOption("× 10");
    await expect.poll(() => run.live.model.head.elapsedMs).toBeGreaterThan(stoodMs + 1000);
  });

  it.each(["light", "dark"] as const)(
    "has no fault that axe finds, and fits from 400 to 2,560 px, in %s",
    async (scheme) => {
      const run = await serve();
      const { page, errors } = await stage.open(run, { scheme });
      expect(await axeFaults(page)).toEqual([]);
      await page.getByRole("button", { name: "As a table" }).click();
      await page.getByRole("button", { name: "ONT 3", exact: true }).click();
      await page.getByRole("table", { name: "Image instances" }).waitFor();
      expect(await axeFaults(page)).toEqual([]);
      expect(await tooNarrow(page)).toEqual([]);
      expect(errors).toEqual([]);
    },
  );

  it("shows text of a device as text", async () => {
    const run = await serve();
    const { page, errors } = await stage.open(run);
    // What the run itself says of this ONT would take the place of it.
    await page.getByRole("combobox", { name: /^Time/ }).selectOption("stopped");
    await page.getByRole("button", { name: "Step 100 ms" }).waitFor();
    run.live.model.record({
      timeNs: 1,
      from: "olt",
      ont: 5,
      event: { type: "phase", onuId: 5, phase: "failed", cause: "<img src=x onerror=alert(1)>" },
    });
    await page.getByRole("button", { name: "As a table" }).click();
    await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it("says that its runner was killed, at once or after a silence, and shows the next one that is served there", async () => {
    const scenario = join(root, "killed.yaml");
    writeFileSync(scenario, stringify(patient));
    const state = join(root, "state");
    const start = (address: string, name: string): Promise<[ChildProcess, string]> =>
      startRunner(
        [scenario, "--virtual", "--speed", "1", "--quiet", "--out", join(root, name), "--ui", address],
        state,
      );
    const place = await serveDashboard({ host: "127.0.0.1", port: 0 });
    const { address } = place;
    await place.close();
    const [first, url] = await start(address, "first");
    const page = await stage.newPage();
    await page.goto(url);
    await page.getByRole("button", { name: "Pause" }).waitFor();
    first.kill("SIGKILL");
    await page.locator("[data-link=lost]").getByText("The runner is gone").waitFor();
    const [second] = await start(address, "second");
    await page.locator("[data-link=open]").waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).waitFor();
    second.kill("SIGKILL");
  });
});

/** @returns it, and the address of its page */
async function startRunner(words: readonly string[], state: string): Promise<[ChildProcess, string]> {
  const env = { ...process.env, XDG_STATE_HOME: state };
  const child = spawn(process.execPath, ["cli/poncast.mjs", "run", ...words], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  for await (const chunk of child.stderr as AsyncIterable<Buffer>) {
    text += chunk.toString();
    const url = /^page: (\S+)$/m.exec(text)?.[1];
    if (url !== undefined) return [child, url];
  }
  throw new Error(text);
}
