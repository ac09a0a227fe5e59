/** What the steps of a recovery are written with: what they ask of the device, and what ends them. */
import type {
  DeviceProfile,
  ProfileVariables,
  RecoverAction,
  RecoverProgress,
  RecoverReply,
  RecoverStep,
} from "./types.ts";

/** A dialogue yields what it asks or tells; only an action has a reply. */
export type Dialogue<Result> = Generator<
  RecoverAction | { kind: "progress"; progress: RecoverProgress },
  Result,
  RecoverReply
>;

/** The device or the road has gone: what was under way begins again with detection. */
export class Lost extends Error {}

/** It cannot go on. */
export class RecoverFailure extends Error {
  readonly step: RecoverStep;
  readonly isInput: boolean;

  constructor(step: RecoverStep, cause: string, isInput = false) {
    super(cause);
    this.step = step;
    this.isInput = isInput;
  }
}

type Answer = Extract<RecoverReply, { kind: "answer" }>;

/** @throws Lost */
export function* act(action: RecoverAction): Dialogue<Answer> {
  const reply = yield action;
  if (reply.kind === "lost") throw new Lost(reply.cause);
  return reply;
}

export function* tell(step: RecoverStep, text: string, doneBytes?: number): Dialogue<void> {
  yield { kind: "progress", progress: { step, text, ...(doneBytes !== undefined && { doneBytes }) } };
}

/** Busy passes by itself, as a slot that is being stored does. */
const BUSY_TRIES = 40;
const BUSY_SECONDS = 0.25;

export const order = (text: string): Dialogue<Answer> => patiently({ kind: "command", text });

/** An action, and again while the device is busy. */
export function* patiently(action: RecoverAction): Dialogue<Answer> {
  for (let tries = 0; ; tries++) {
    const answer = yield* act(action);
    if (answer.ok || answer.text !== "busy" || tries === BUSY_TRIES) return answer;
    yield* act({ kind: "wait", seconds: BUSY_SECONDS });
  }
}

/** A command that has to succeed. @throws RecoverFailure with the device's cause */
export function* demand(step: RecoverStep, text: string): Dialogue<Answer> {
  const answer = yield* order(text);
  if (!answer.ok) throw new RecoverFailure(step, `the device refuses ${text.split(/[: ]/, 1)[0]}: ${answer.text}`);
  return answer;
}

/** What a command is filled with. */
export type CommandFields = Readonly<Record<string, string | number>>;

/** Fills the fields of a command in; numbers are hexadecimal. */
export const filled = (template: string, fields: CommandFields): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = fields[name];
    return typeof value === "number" ? value.toString(16) : (value ?? whole);
  });

/** What the device tells of itself; empty where its profile names no such variable, or the device has none. */
export function* ask(profile: DeviceProfile, name: keyof ProfileVariables, slot = ""): Dialogue<string> {
  const variable = profile.variables[name];
  if (variable === undefined) return "";
  const answer = yield* order(`getvar:${filled(variable, { slot })}`);
  return answer.ok ? answer.text : "";
}
