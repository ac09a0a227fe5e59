/** Routes of planning: presets, schema, what the model says of a text, and the start of a run. */
import { HttpRefusal, jsonBodyOf } from "../../../base/http/index.ts";
import { InputError } from "../../../base/errors/index.ts";
import { CommandError } from "../../../run/control/index.ts";
import { parseScenario, scenarioFields, scenarioJsonSchema } from "../../../scenarios/index.ts";
import type { PlanEdit, PlanRequest, PlanSchema, StartRequest } from "../plan-types.ts";
import { fieldsOf } from "./body.ts";
import type { Call, PlanDesk, Route } from "./desk.ts";

const BODY_BYTES_MAX = 512 * 1024;
const EDITS_MAX = 200;
const STEPS_MAX = 16;
const SPEED_MAX = 1e6;
const ID_LENGTH_MAX = 64;

export const PLAN_ROUTES: readonly Route[] = [
  { method: "GET", path: /^\/presets$/, answer: ({ desk }) => ({ presets: planning(desk.planning).presets() }) },
  { method: "GET", path: /^\/schema$/, answer: () => (schema ??= schemaOf()) },
  { method: "POST", path: /^\/plan$/, changes: true, answer: plan },
  { method: "POST", path: /^\/runs$/, changes: true, answer: start },
];

let schema: PlanSchema | undefined;
const schemaOf = (): PlanSchema => ({ schema: scenarioJsonSchema(), fields: scenarioFields() });

function planning(desk: PlanDesk | undefined): PlanDesk {
  if (desk === undefined) throw new HttpRefusal(404, "nothing is planned here: see `poncast ui`");
  return desk;
}

async function plan({ request, response, desk }: Call): Promise<object> {
  const asked = planRequest(fieldsOf(await jsonBodyOf(request, BODY_BYTES_MAX)));
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
  const { starter } = planning(desk.planning);
  let name: string;
  try {
    name = parseScenario(asked.yaml, "scenario").name;
  } catch (error) {
    if (error instanceof InputError) throw new HttpRefusal(409, error.message);
    throw error;
  }
  return { run: await starter.start(asked, name) };
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
