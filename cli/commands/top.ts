/** `poncast top`: the terminal's view of a run that somebody else started, from its folder or from its page's address. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { CONTROL_FILE } from "../../run/control/index.ts";
import { RUN_FILES } from "../../run/recorder/index.ts";
import { FollowedRun, type ShownRun, shownOf } from "../../web/dashboard/index.ts";
import { UsageError } from "../errors.ts";
import { pageToken } from "../page-token.ts";
import { tell } from "../print.ts";
import { readStream } from "../top/stream.ts";
import { screenOf } from "../top/screen.ts";
import { untilInterrupted } from "../ui-option.ts";
import { createProgress } from "../view/index.ts";
import { parseAddress } from "../units.ts";

const LOOK_MS = 200;
const TOKEN_VARIABLE = "PONCAST_CONTROL_TOKEN";

export function topCommand(program: Command): void {
  program
    .command("top")
    .description("show a run that somebody else started on this terminal, as `run` shows its own")
    .argument("<run>", "its run folder, or the address host:port of its page")
    .option(
      "--token <token>",
      `with an address: what the run printed; default ${TOKEN_VARIABLE}, or that of this user's pages`,
    )
    .action(top);
}

/** Calls with the run as it stands, until the signal. */
type Watch = (show: (shown: ShownRun) => void, signal: AbortSignal) => Promise<void>;

async function top(run: string, flags: { token?: string }): Promise<void> {
  const watch = watchOf(run, flags.token);
  const progress = createProgress(process.stdout, process.env);
  const end = new AbortController();
  void untilInterrupted().then(() => end.abort());
  let last: ShownRun | undefined;
  let lost = "";
  try {
    await watch((shown) => {
      last = shown;
      progress.update(screenOf(shown));
      const { ended, lost: why } = shown.head;
      if (why !== lost && why !== "") progress.log(why);
      lost = why;
      if (ended !== null) end.abort();
    }, end.signal);
  } finally {
    progress.stop();
  }
  const ended = last?.head.ended ?? null;
  for (const reason of ended?.reasons ?? []) tell(`${reason}\n`);
  process.exitCode = ended?.exitCode === 0 ? 0 : 1;
}

function watchOf(run: string, token: string | undefined): Watch {
  if (existsSync(join(run, RUN_FILES.journal))) return (show, signal) => followFolder(run, show, signal);
  if (statSync(run, { throwIfNoEntry: false }) !== undefined) throw new UsageError(`${run}: no run is in it`);
  const { host, port } = parseAddress("run", run);
  const known = token ?? process.env[TOKEN_VARIABLE] ?? pageToken(port);
  if (known === undefined) throw new UsageError(`--token: the token of the page at ${run} is missing`);
  return (show, signal) => readStream(`http://${host.includes(":") ? `[${host}]` : host}:${port}`, known, show, signal);
}

/** Its page says more than its journal, where it has one. */
async function followFolder(folder: string, show: (shown: ShownRun) => void, signal: AbortSignal): Promise<void> {
  const page = pageIn(folder);
  if (
    page !== undefined &&
    (await readStream(`http://${page.address}`, page.token, show, signal).then(
      () => true,
      () => false,
    ))
  )
    return;
  const run = await FollowedRun.open(basename(resolve(folder)), folder);
  await run.caughtUp;
  const stop = (): void => run.close();
  signal.addEventListener("abort", stop, { once: true });
  while (!signal.aborted) {
    show(shownOf(run.model.snapshot(run.name)));
    if (run.model.head.lost !== "" && !process.stdout.isTTY) break;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  stop();
}

function pageIn(folder: string): { address: string; token: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, CONTROL_FILE), "utf8")) as { address: string; token: string };
  } catch {
    return undefined;
  }
}
