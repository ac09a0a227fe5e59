/** Routes of planning: presets, schema, what the model says of a text, and the start of a run. */
import { setTimeout as delay } from "node:timers/promises";
import { HttpRefusal, jsonBodyOf } from "../../../base/http/index.ts";
import { InputError } from "../../../base/errors/index.ts";
import { CommandError } from "../../../run/control/index.ts";
import { parseScenario, scenarioFields, scenarioJsonSchema } from "../../../scenarios/index.ts";
import type { PlanEdit, PlanRequest, PlanSchema, StartRequest } from "../plan-types.ts";
import { fieldsOf } from "./body.ts";
import type { Call, PlanDesk, Route, RunLibrary } from "./desk.ts";
import type { RunStarter } from "./starter.ts";

const BODY_BYTES_MAX = 512 * 1024;
const EDITS_MAX = 200;
const STEPS_MAX = 16;
const SPEED_MAX = 1e6;
const ID_LENGTH_MAX = 64;
const MS_PER_SECOND = 1000;
/** Of virtual time: a year. */
const REWIND_SECONDS_MAX = 31_536_000;
const STEP_MS_MAX = 3_600_000;
/** Of a clock: so slow that nothing has happened when the run's door is found. */
const SLOWEST = 1e-6;
const DOOR_MS_MAX = 20_000;
const LOOK_MS = 100;
/** Other answers come within the five seconds in which nothing may move on a connection. */
const ANSWER_MS_MAX = 150_000;

export const PLAN_ROUTES: readonly Route[] = [
  { method: "GET", path: /^\/presets$/, answer: ({ desk }) => ({ presets: planning(desk.planning).presets() }) },
  { method: "GET", path: /^\/schema$/, answer: () => (schema ??= schemaOf()) },
  { method: "POST", path: /^\/plan$/, changes: true, answer: plan },
  { method: "POST", path: /^\/runs$/, changes: true, answer: start },
  { method: "POST", path: /^\/runs\/([^/]+)\/rewind$/, changes: true, answer: rewind },
];

let schema: PlanSchema | undefined;
const schemaOf = (): PlanSchema => ({ schema: scenarioJsonSchema(), fields: scenarioFields() });

function planning(desk: PlanDesk | undefined): PlanDesk {
  if (desk === undefined) throw new HttpRefusal(404, "nothing is planned here: see `poncast ui`");
  return desk;
}

async function plan({ request, response, desk }: Call): Promise<object> {
  const asked = planRequest(fieldsOf(await jsonBodyOf(request, BODY_BYTES_MAX)));
  request.socket.setTimeout(ANSWER_MS_MAX);
  return planning(desk.planning).planner.ask(asked, () => response.destroyed);
}

/** @throws CommandError */
function planRequest({ yaml, edits = [], hours = "", deltas = false }: Record<string, unknown>): PlanRequest {
  if (typeof yaml !== "string") throw new CommandError("yaml: a text is needed");
  if (typeof hours !== "string" || typeof deltas !== "boolean")
    throw new CommandError("hours: a text; deltas: true or false");
  if (!Array.isArray(edits) || edits.length > EDITS_MAX || !edits.every(isEdit))
    throw new CommandError(`edits: a list of up to ${EDITS_MAX}, each with a path, and a value unless the field goes`);
  return { yaml, edits, hours, deltas };
}

function isEdit(edit: unknown): edit is PlanEdit {
  const { path } = (edit ?? {}) as { path?: unknown };
  const isStep = (step: unknown): boolean =>
    typeof step === "string" || (Number.isInteger(step) && Number(step) >= 0 && Number(step) < EDITS_MAX);
  return Array.isArray(path) && path.length > 0 && path.length <= STEPS_MAX && path.every(isStep);
}

async function start({ request, desk }: Call): Promise<object> {
  const asked = startRequest(fieldsOf(await jsonBodyOf(request, BODY_BYTES_MAX)));
  request.socket.setTimeout(ANSWER_MS_MAX);
  return { run: await planning(desk.planning).starter.start(asked, nameIn(asked.yaml)) };
}

/** @throws HttpRefusal where it is none that could be run */
function nameIn(yaml: string): string {
  try {
    return parseScenario(yaml, "scenario").name;
  } catch (error) {
    if (error instanceof InputError) throw new HttpRefusal(409, error.message);
    throw error;
  }
}

/** `{id, seconds}`: the same run once more, from its seed, stopped at that time. */
async function rewind({ request, desk }: Call, [name]: string[]): Promise<object> {
  const { id, seconds } = fieldsOf(await jsonBodyOf(request, BODY_BYTES_MAX));
  if (!(typeof seconds === "number" && seconds >= 0 && seconds <= REWIND_SECONDS_MAX))
    throw new CommandError(`seconds: from 0 to ${REWIND_SECONDS_MAX}`);
  const { starter } = planning(desk.planning);
  const { library } = desk;
  const yaml = library?.scenario(name);
  if (library === undefined || yaml === undefined) throw new HttpRefusal(404, `there is no run ${name}`);
  const asked = startRequest({ id, yaml, as: "virtual", speed: SLOWEST });
  request.socket.setTimeout(ANSWER_MS_MAX);
  return { run: await starter.once(`${asked.id} rewound`, () => rewound(asked, seconds, { starter, library })) };
}

async function rewound(
  asked: StartRequest,
  seconds: number,
  { starter, library }: { starter: RunStarter; library: RunLibrary },
): Promise<string> {
  const run = await starter.start(asked, `${nameIn(asked.yaml)}-again`);
  const opened = await library.open(run);
  for (let waitedMs = 0; opened?.changePace === undefined; waitedMs += LOOK_MS) {
    if (opened === undefined || waitedMs >= DOOR_MS_MAX) throw new HttpRefusal(503, `${run} takes no commands`);
    await delay(LOOK_MS);
  }
  await opened.changePace({ stop: true });
  for (let leftMs = seconds * MS_PER_SECOND; leftMs > 0; leftMs -= STEP_MS_MAX)
    await opened.changePace({ stepMs: Math.min(leftMs, STEP_MS_MAX) });
  return run;
}

/** @throws CommandError */
function startRequest({ id, yaml, as, speed, capture = false }: Record<string, unknown>): StartRequest {
  if (typeof id !== "string" || id === "" || id.length > ID_LENGTH_MAX)
    throw new CommandError(`id: a text of up to ${ID_LENGTH_MAX} characters, another one for each run`);
  if (typeof yaml !== "string") throw new CommandError("yaml: a text is needed");
  if (as !== "virtual" && as !== "processes") throw new CommandError("as: virtual or processes");
  if (speed !== undefined && !(typeof speed === "number" && speed > 0 && speed <= SPEED_MAX))
    throw new CommandError(`speed: above 0, up to ${SPEED_MAX}, or left out`);
  if (typeof capture !== "boolean") throw new CommandError("capture: true or false");
  return { id, yaml, as, ...(speed !== undefined && { speed }), capture };
}
