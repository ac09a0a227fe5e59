/** A run in virtual time and its page, for tests that press its buttons: as slow as a clock, until they are done with it. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { OltEvent } from "../../../../olt/index.ts";
import type { RunOutcome } from "../../../../run/types.ts";
import type { Scenario } from "../../../../scenarios/index.ts";
import { type DashboardServer, type LiveRun, serveDashboard } from "../../../../web/dashboard/index.ts";
import { hasBrowser, launch } from "../../report/browser.ts";
import { liveOf, runLive, useRoot } from "../fixture.ts";
import { openPage, type Shown } from "./views.ts";

export type Command = Extract<OltEvent, { type: "command" }>;

export interface Served {
  server: DashboardServer;
  live: LiveRun;
  outcome: Promise<RunOutcome>;
  /** As they are recorded. */
  commands: Command[];
  stop: () => Promise<void>;
}

/** What tests of a run's page have: a browser for all, and what each opened is closed behind it, page first. */
export interface Stage {
  serve: (scenario: Scenario) => Promise<Served>;
  open: (served: Served, look?: Look) => Promise<Shown>;
  /** An empty one, for a page that somebody else serves. */
  newPage: () => Promise<Page>;
}

interface Look {
  width?: number;
  scheme?: "light" | "dark";
}

/** @returns what the tests of a file use; to be called once, at its top */
export function useStage(): Stage {
  useRoot();
  let browser: Browser;
  const pages: Page[] = [];
  const runs: Served[] = [];
  beforeAll(async () => {
    if (hasBrowser) browser = await launch();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
    for (const run of runs.splice(0)) await run.stop();
  });
  afterAll(() => browser?.close());
  return {
    serve: async (scenario) => {
      const run = await serve(scenario);
      runs.push(run);
      return run;
    },
    open: async (run, look) => {
      const shown = await openRun(browser, run, look);
      pages.push(shown.page);
      return shown;
    },
    newPage: async () => {
      const page = await browser.newPage();
      pages.push(page);
      return page;
    },
  };
}

async function serve(scenario: Scenario): Promise<Served> {
  const server = await serveDashboard({ host: "127.0.0.1", port: 0 });
  const live = liveOf(scenario);
  server.attach(live);
  const commands: Command[] = [];
  const end = new AbortController();
  const journal = {
    name: "commands",
    record: ({ event }: { event: { type: string } }) => {
      if (event.type === "command") commands.push(event as Command);
    },
  };
  const outcome = runLive(live, scenario, { speed: 1, signal: end.signal, sinks: [live.sink, journal] });
  const stop = async (): Promise<void> => {
    end.abort();
    await outcome;
    await server.close();
  };
  return { server, live, outcome, commands, stop };
}

async function openRun(browser: Browser, { server }: Served, look: Look = {}): Promise<Shown> {
  const shown = await openPage(browser, server.url, look);
  await shown.page.getByRole("button", { name: "Pause" }).waitFor();
  return shown;
}

/** Until the run has taken what a click tells it. How long that takes is for a measurement: a busy machine would fail this one. */
export async function taken(
  click: () => Promise<void>,
  commands: readonly Command[],
  command: string,
): Promise<Command> {
  const before = commands.length;
  await click();
  await expect.poll(() => commands.slice(before).map((each) => each.command)).toContain(command);
  return commands.slice(before).find((each) => each.command === command)!;
}
