/** Commands as JSON brings them: each field looked at, one line where something is wrong. */
import { InputError } from "../../base/errors/index.ts";
import { OLT_COMMAND_KINDS, type OltCommand, type OltCommandKind } from "../../olt/index.ts";

const ID_CHARACTERS_MAX = 64;
const SERIAL_CHARACTERS_MAX = 64;
const FIELDS: Record<OltCommandKind, readonly string[]> = {
  pause: [],
  resume: [],
  abort: [],
  skip: ["serial", "onuId"],
  retry: ["serial", "onuId"],
  release: [],
  rate: ["bitsPerSecond"],
};

export class CommandError extends InputError {
  override readonly name = "CommandError";
}

/** @throws CommandError in one line */
export function parseCommand(value: unknown): OltCommand {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CommandError("a command is an object with a kind");
  const body = value as Record<string, unknown>;
  const kind = OLT_COMMAND_KINDS.find((known) => known === body.kind);
  if (kind === undefined) throw new CommandError(`kind: one of ${OLT_COMMAND_KINDS.join(", ")}`);
  const allowed = ["kind", "id", ...FIELDS[kind]];
  const unknown = Object.keys(body).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new CommandError(`${unknown}: no field of ${kind}; allowed: ${allowed.join(", ")}`);
  return { ...idOf(body), ...commandOf(kind, body) };
}

function idOf({ id }: Record<string, unknown>): { id?: string } {
  if (id === undefined) return {};
  if (typeof id !== "string" || id === "" || id.length > ID_CHARACTERS_MAX)
    throw new CommandError(`id: a text of 1 to ${ID_CHARACTERS_MAX} characters`);
  return { id };
}

function commandOf(kind: OltCommandKind, { serial, onuId, bitsPerSecond }: Record<string, unknown>): OltCommand {
  if (kind === "rate") {
    if (bitsPerSecond !== null && typeof bitsPerSecond !== "number")
      throw new CommandError("bitsPerSecond: a number, or null for no limit");
    return { kind, bitsPerSecond };
  }
  if (kind !== "skip" && kind !== "retry") return { kind };
  if (typeof serial === "string" && serial !== "" && serial.length <= SERIAL_CHARACTERS_MAX && onuId === undefined)
    return { kind, serial };
  if (Number.isInteger(onuId) && serial === undefined) return { kind, onuId: onuId as number };
  throw new CommandError(`${kind}: either serial, a text, or onuId, a whole number`);
}
