/** From the POST of each command of the page to the journal and to the stream, which then shows what came of it. */
import { request } from "node:http";
import { rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunOptions } from "../run/types.ts";
import { CELL_STATES } from "../run/states/index.ts";
import { runProcesses } from "../run/processes/index.ts";
import { runVirtual } from "../run/virtual/index.ts";
import { parseScenario, type Scenario } from "../scenarios/index.ts";
import {
  type DashboardServer,
  factsOf,
  LiveRun,
  serveDashboard,
  type ShownRun,
  shownOf,
} from "../web/dashboard/index.ts";
import { applyDelta } from "../web/dashboard/model/index.ts";
import type { DashboardDelta, DashboardSnapshot } from "../web/dashboard/types.ts";

const LOOK_MS = 2;
const EFFECT_MS_MAX = 60_000;
/** Until a run has come so far that a command means something. */
const READY_MS_MAX = 600_000;
/** From one command to the next. */
const REST_MS = 500;
/** Bit/s of each port. */
const RATE = 8_000_000;

/** All that is asked of a run is open: it is told to stop at the end. */
const scenarioOf = (name: string, onts: string): Scenario =>
  parseScenario(
    `{ name: ${name}, ${onts}, image: { bytes: 2097152 }, olt: { rateBytesPerSecond: 300000, canary: 2, wave: 4, soakMs: 3600000, runSeconds: 86400 } }`,
    `${name}.yaml`,
  );

const RUNS: readonly { what: string; scenario: Scenario; run: typeof runVirtual; options: RunOptions }[] = [
  {
    what: "virtual time like a clock, 16 x 128 ONTs",
    scenario: scenarioOf("virtual", "onts: 128, pons: 16"),
    run: runVirtual,
    options: { speed: 1 },
  },
  {
    what: "processes, 128 ONTs, 32 in each",
    scenario: scenarioOf("processes", "onts: 128, ontsPerProcess: 32"),
    run: runProcesses,
    options: {},
  },
];

interface Watched {
  server: DashboardServer;
  /** As a page has it. */
  shown: () => ShownRun | undefined;
  /** When each command was recorded last. */
  recordedMs: Map<string, number>;
}

interface Asked {
  kind: string;
  body?: (shown: ShownRun) => object;
  isDone: (shown: ShownRun) => boolean;
  /** Until then there is nothing to command. */
  ready?: (shown: ShownRun) => boolean;
}

const SKIPPED = CELL_STATES.indexOf("skipped");
const countOf = (shown: ShownRun, ...states: string[]): number =>
  states.reduce((sum, state) => sum + shown.counts[(CELL_STATES as readonly string[]).indexOf(state)], 0);
const activated = (shown: ShownRun): number => countOf(shown, "rebooting", "trial", "committed");

/** In the order of a run. */
function commandsTo(onts: number): Asked[] {
  const ont = onts - 1;
  const named = ({ serials }: ShownRun): object => ({ serial: serials[ont] });
  return [
    { kind: "pause", ready: ({ head }) => head.bytesDone > 0, isDone: ({ head }) => head.paused },
    { kind: "resume", isDone: ({ head }) => !head.paused },
    {
      kind: "rate",
      body: () => ({ bitsPerSecond: RATE }),
      isDone: ({ head, facts }) => head.budgetBitsPerSecond === RATE * facts.pons,
    },
    { kind: "skip", body: named, isDone: ({ states }) => states[ont] === SKIPPED },
    { kind: "retry", body: named, isDone: ({ states }) => states[ont] !== SKIPPED },
    {
      kind: "release",
      ready: (shown) => countOf(shown, "stored") + activated(shown) >= onts - 1 && activated(shown) > 0,
      // The canaries of all ports were there before.
      isDone: (shown) => activated(shown) > 2 * shown.facts.pons,
    },
    { kind: "abort", isDone: ({ head }) => head.aborting },
  ];
}

export async function commandTimes(say: (text: string) => void): Promise<void> {
  for (const { what, scenario, run, options } of RUNS) {
    const root = mkdtempSync(join(tmpdir(), "poncast-bench-commands-"));
    const server = await serveDashboard({ host: "127.0.0.1", port: 0 });
    const live = new LiveRun(scenario.name, factsOf(scenario, options.speed === undefined ? "wall" : "virtual"));
    server.attach(live);
    const recordedMs = new Map<string, number>();
    const journal = {
      name: "commands",
      record: ({ event }: { event: { type: string; command?: string } }) => {
        if (event.type === "command") recordedMs.set(event.command!, performance.now());
      },
    };
    const end = new AbortController();
    const over = run(scenario, {
      ...options,
      out: join(root, "run"),
      sinks: [live.sink, journal],
      onSteering: (steering) => live.steer(steering),
      onView: live.onView,
      signal: end.signal,
    });
    const [shown, hangUp] = readStream(server);
    for (const asked of commandsTo(live.model.facts.onts))
      say(`${what}: ${await timed(asked, { server, shown, recordedMs })}`);
    hangUp();
    end.abort();
    await over;
    await server.close();
    rmSync(root, { recursive: true });
  }
}

async function timed(
  { kind, body = () => ({}), isDone, ready = () => true }: Asked,
  watched: Watched,
): Promise<string> {
  const { server, shown, recordedMs } = watched;
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
  const until = async (is: (run: ShownRun) => boolean, limitMs: number): Promise<void> => {
    for (const fromMs = performance.now(); ;) {
      const run = shown();
      if (run !== undefined && is(run)) return;
      if (performance.now() - fromMs > limitMs) throw new Error(`${kind}: nothing came of it`);
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  };
  await until(ready, READY_MS_MAX);
  // The first request of a process costs it more than any command.
  await fetch(`http://${server.address}/status`, { headers }).then((told) => told.arrayBuffer());
  await new Promise((done) => setTimeout(done, REST_MS));
  const [fromMs, cpu] = [performance.now(), process.cpuUsage()];
  const response = await fetch(`http://${server.address}/commands`, {
    method: "POST",
    headers,
    body: JSON.stringify({ kind, id: kind, ...body(shown()!) }),
  });
  const answeredMs = performance.now() - fromMs;
  if (!response.ok) throw new Error(`${kind}: ${await response.text()}`);
  await until(isDone, EFFECT_MS_MAX);
  const shownMs = performance.now() - fromMs;
  const { user, system } = process.cpuUsage(cpu);
  const inJournalMs = (recordedMs.get(kind) ?? NaN) - fromMs;
  return `${kind} answered after ${answeredMs.toFixed(0)} ms, in the journal of all ports after ${inJournalMs.toFixed(0)} ms, its effect in the stream after ${shownMs.toFixed(0)} ms; ${((user + system) / 1000).toFixed(0)} ms of this process's processor time`;
}

/** The run as a page has it, from its stream. */
function readStream(server: DashboardServer): [shown: () => ShownRun | undefined, hangUp: () => void] {
  let shown: ShownRun | undefined;
  let text = "";
  const asked = request(`http://${server.address}/events`, { headers: { authorization: `Bearer ${server.token}` } });
  asked.on("error", () => undefined);
  asked.on("response", (response) => {
    response.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      const events = text.split("\n\n");
      text = events.pop()!;
      for (const event of events) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/m.exec(event) ?? [];
        if (name === "snapshot") shown = shownOf(JSON.parse(data) as DashboardSnapshot);
        if (name === "delta" && shown !== undefined) applyDelta(shown, JSON.parse(data) as DashboardDelta);
      }
    });
  });
  asked.end();
  return [() => shown, () => void asked.destroy()];
}
