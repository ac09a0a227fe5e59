/** A run in virtual time and its page, for tests that press its buttons: as slow as a clock, until they are done with it. */
import type { Browser } from "playwright-core";
import { expect } from "vitest";
import type { OltEvent } from "../../../../olt/index.ts";
import type { RunOutcome } from "../../../../run/types.ts";
import type { Scenario } from "../../../../scenarios/index.ts";
import { type DashboardServer, type LiveRun, serveDashboard } from "../../../../web/dashboard/index.ts";
import { liveOf, runLive } from "../fixture.ts";
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

export async function serve(scenario: Scenario): Promise<Served> {
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

export async function openRun(
  browser: Browser,
  { server }: Served,
  look: { width?: number; scheme?: "light" | "dark" } = {},
): Promise<Shown> {
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
