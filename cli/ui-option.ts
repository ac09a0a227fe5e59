/** `--ui [host:port]`: the live page of a run, served as long as the run goes on; on a terminal until Ctrl-C. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../base/files/index.ts";
import { CONTROL_FILE } from "../run/control/index.ts";
import { systemWords } from "../base/errors/index.ts";
import { type DashboardServer, factsOf, LiveRun, serveDashboard } from "../web/dashboard/index.ts";
import type { Scenario } from "../scenarios/index.ts";
import type { Forecast } from "../run/result/types.ts";
import { UsageError } from "./errors.ts";
import { pageToken } from "./page-token.ts";
import { tell } from "./print.ts";
import { parseAddress } from "./units.ts";

/** This machine only, any port that is free. */
const DEFAULT_ADDRESS = "127.0.0.1:0";

export interface RunPage {
  live: LiveRun;
  server: DashboardServer;
}

export interface PageAsked {
  /** As the option has it; true = without a value. */
  option: string | true;
  scenario: Scenario;
  virtual: boolean;
  forecast: (() => Forecast | undefined) | undefined;
  /** Where its frames go. */
  capture: string | undefined;
}

/**
 * Opens the page before the run begins.
 *
 * @throws UsageError when the address cannot be had; nothing has begun then
 */
export async function openPage({ option, scenario, virtual, forecast, capture }: PageAsked): Promise<RunPage> {
  // The model's answer takes up to a second: whoever has the address is not kept waiting by it.
  const live = new LiveRun(scenario.name, factsOf(scenario, virtual ? "virtual" : "wall", forecast?.()), capture);
  const server = await serveAt("--ui", option === true ? DEFAULT_ADDRESS : option);
  server.attach(live);
  return { live, server };
}

/**
 * Writes where the run is steered into its folder, as `--control` does: so that others find it.
 *
 * @returns what takes it away again
 */
export function leaveDoor(folder: string | undefined, { address, token }: DashboardServer): () => void {
  if (folder === undefined) return () => undefined;
  const path = join(folder, CONTROL_FILE);
  writeWhole(path, `${JSON.stringify({ address, token })}\n`, { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

/** @throws UsageError when the address cannot be had */
export async function serveAt(
  name: string,
  address: string,
  more: Pick<Parameters<typeof serveDashboard>[0], "library" | "planning"> = {},
): Promise<DashboardServer> {
  const { host, port } = parseAddress(name, address);
  try {
    const token = pageToken(port);
    const server = await serveDashboard({ host, port, ...(token !== undefined && { token }), ...more });
    tell(`page: ${server.url}\n`);
    return server;
  } catch (error) {
    throw new UsageError(`${name} ${address}: ${systemWords(error as Error)}`);
  }
}

/** Ctrl-C, or as services are stopped. */
export const untilInterrupted = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
