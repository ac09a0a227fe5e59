/** What the page may ask for: one row for each route; a view that needs more adds rows of its own. */
import { setTimeout as delay } from "node:timers/promises";
import { HttpRefusal, jsonBodyOf } from "../../../base/http/index.ts";
import { commandOf, statusOf } from "../../../run/control/index.ts";
import { detailsOf, portOf } from "../model/index.ts";
import { fieldsOf } from "./body.ts";
import { COMPARE_ROUTES } from "./compare-routes.ts";
import { capturedFrames, captureOfPort } from "./frames.ts";
import type { PaceChange, ShownSource } from "./live-run.ts";
import type { Call, Route } from "./desk.ts";
import { PLAN_ROUTES } from "./plan-routes.ts";

const BODY_BYTES_MAX = 16 * 1024;
const SPEED_MAX = 1e6;
/** For a capture to be read. */
const CAPTURE_MS_MAX = 60_000;
const CATCH_UP_MS_MAX = 20_000;
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
  { method: "GET", path: /^\/onts\/(\d{1,6})\/frames$/, answer: frames },
  {
    method: "GET",
    path: /^\/runs$/,
    answer: ({ desk }) => ({
      runs: desk.library?.list() ?? [],
      live: desk.live?.name ?? null,
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
  const { steering, model } = await runOf(call);
  const { pace: told } = model.head;
  return steering === undefined ? { phase: "preparing" } : { ...statusOf(steering), ...(told && { pace: told }) };
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
  const change = paceChange(fieldsOf(await jsonBodyOf(call.request, BODY_BYTES_MAX)));
  const run = await runOf(call);
  if (run.changePace === undefined)
    throw new HttpRefusal(409, "time cannot be slowed here: the run is not in virtual time, or it is over");
  const state = await run.changePace(change);
  call.desk.streams.tell();
  return state;
}

function paceChange({ speed, stop, stepMs }: Record<string, unknown>): PaceChange {
  if (stop === true) return { stop };
  if (isBetween(stepMs, 0, STEP_MS_MAX)) return { stepMs };
  if (speed === null || isBetween(speed, 0, SPEED_MAX)) return { speed };
  throw new HttpRefusal(400, `speed above 0, up to ${SPEED_MAX}, or null; stop: true; or stepMs up to ${STEP_MS_MAX}`);
}

const isBetween = (value: unknown, above: number, most: number): value is number =>
  typeof value === "number" && value > above && value <= most;

async function ont(call: Call, [number]: string[]): Promise<object> {
  const run = await runOf(call);
  const details = detailsOf(run.model, Number(number), run.flashOf?.(Number(number)));
  if (details === undefined) throw new HttpRefusal(404, `there is no ONT ${number}`);
  return details;
}

async function frames(call: Call, [number]: string[]): Promise<object> {
  const { model, capture, caughtUp } = await runOf(call);
  call.request.socket.setTimeout(CAPTURE_MS_MAX);
  // Its journal says what the ONT is called on its port.
  await Promise.race([caughtUp, delay(CATCH_UP_MS_MAX, undefined, { ref: false })]);
  const log = model.logs[Number(number)];
  if (log === undefined) throw new HttpRefusal(404, `there is no ONT ${number}`);
  const pon = portOf(model.facts, Number(number));
  return capturedFrames(captureOfPort(capture, model.facts.pons, pon), { pon, onuId: log.onuId });
}
