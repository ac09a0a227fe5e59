/** What the page may ask for: one row for each route; a view that needs more adds rows of its own. */
import { HttpRefusal, jsonBodyOf } from "../../../base/http/index.ts";
import { commandOf, statusOf } from "../../../run/control/index.ts";
import { detailsOf } from "../model/index.ts";
import { fieldsOf } from "./body.ts";
import { COMPARE_ROUTES } from "./compare-routes.ts";
import type { ShownSource } from "./live-run.ts";
import type { Call, Route } from "./desk.ts";
import { PLAN_ROUTES } from "./plan-routes.ts";

const BODY_BYTES_MAX = 16 * 1024;
const SPEED_MAX = 1e6;
const STEP_MS_MAX = 3_600_000;

export interface Routed {
  route: Route;
  parts: string[];
}

const ROUTES: readonly Route[] = [
  { method: "GET", path: /^\/events$/, answer: events },
  { method: "GET", path: /^\/status$/, answer: status },
  { method: "POST", path: /^\/commands$/, changes: true, answer: commands },
  { method: "POST", path: /^\/pace$/, changes: true, answer: pace },
  { method: "GET", path: /^\/onts\/(\d{1,6})$/, answer: ont },
  {
    method: "GET",
    path: /^\/runs$/,
    answer: ({ desk }) => ({
      runs: desk.library?.list() ?? [],
      live: desk.live?.name ?? null,
      hasLibrary: desk.library !== undefined,
      canPlan: desk.planning !== undefined,
    }),
  },
  ...COMPARE_ROUTES,
  ...PLAN_ROUTES,
];

export function routeOf(method: string, path: string): Routed | undefined {
  for (const route of ROUTES) {
    const found = route.method === method ? route.path.exec(path) : null;
    if (found !== null) return { route, parts: found.slice(1).map(decoded) };
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpRefusal(400, "the address is not well formed");
  }
}

/** The run that is asked for by `?run=`, else that of this process. */
async function runOf({ url, desk }: Call): Promise<ShownSource> {
  const name = url.searchParams.get("run");
  const run = name === null || name === desk.live?.name ? desk.live : await desk.library?.open(name);
  if (run === undefined)
    throw new HttpRefusal(404, name === null ? "no run goes on here yet" : `there is no run ${name}`);
  return run;
}

async function events(call: Call): Promise<undefined> {
  const { request, response, url, desk } = call;
  const run = await runOf(call);
  // A page that opens its stream by itself cannot set the header.
  const last = request.headers["last-event-id"] ?? url.searchParams.get("last") ?? "";
  desk.streams.open(response, run, String(last));
}

async function status(call: Call): Promise<object> {
  const { steering } = await runOf(call);
  return steering === undefined ? { phase: "preparing" } : statusOf(steering);
}

async function commands(call: Call): Promise<object> {
  const { request, desk } = call;
  const command = commandOf(await jsonBodyOf(request, BODY_BYTES_MAX));
  const run = await runOf(call);
  if (run.command === undefined) throw new HttpRefusal(503, "this run takes no commands, or none any more");
  const outcome = await run.command({ ...command, by: `page from ${request.socket.remoteAddress}` });
  if (!outcome.accepted) throw new HttpRefusal(409, outcome.reason);
  desk.streams.tell();
  return outcome;
}

/** `{speed: 1}`, null = as fast as it goes; `{stop: true}`; `{stepMs: 100}` */
async function pace(call: Call): Promise<object> {
  const asked = fieldsOf(await jsonBodyOf(call.request, BODY_BYTES_MAX));
  const { pace: run, model } = await runOf(call);
  if (run === undefined)
    throw new HttpRefusal(409, "time cannot be slowed here: the run is not in virtual time, or it is over");
  const { speed, stop, stepMs } = asked;
  if (stop === true) run.stop();
  else if (isBetween(stepMs, 0, STEP_MS_MAX)) run.step(stepMs);
  else if (speed === null) run.setSpeed(Infinity);
  else if (isBetween(speed, 0, SPEED_MAX)) run.setSpeed(speed);
  else
    throw new HttpRefusal(
      400,
      `speed above 0, up to ${SPEED_MAX}, or null; stop: true; or stepMs up to ${STEP_MS_MAX}`,
    );
  const { isStopped } = run;
  model.setPace({ speed: Number.isFinite(run.speed) ? run.speed : null, isStopped });
  call.desk.streams.tell();
  return { speed: Number.isFinite(run.speed) ? run.speed : null, isStopped };
}

const isBetween = (value: unknown, above: number, most: number): value is number =>
  typeof value === "number" && value > above && value <= most;

async function ont(call: Call, [number]: string[]): Promise<object> {
  const run = await runOf(call);
  const details = detailsOf(run.model, Number(number), run.flashOf?.(Number(number)));
  if (details === undefined) throw new HttpRefusal(404, `there is no ONT ${number}`);
  return details;
}
