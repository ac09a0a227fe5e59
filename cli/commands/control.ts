/** `poncast control`: pause, resume, abort, skip or retry one ONT, release the next wave, change the rate of a run that goes on. */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { CONTROL_FILE } from "../../run/control/index.ts";
import { UsageError } from "../errors.ts";
import { parseRate } from "../units.ts";
import { print } from "../print.ts";

const BITS_PER_BYTE = 8;
const ANSWER_MS_MAX = 15_000;
/** Where a run's token is looked for when only its address is named. */
const TOKEN_VARIABLE = "PONCAST_CONTROL_TOKEN";

/** What may be asked; status is no command to the run. */
const KINDS = ["status", "pause", "resume", "abort", "skip", "retry", "release", "rate"];
const KINDS_TEXT = `${KINDS.slice(0, -1).join(", ")} or ${KINDS.at(-1)}`;

interface Door {
  address: string;
  token: string;
}

export function controlCommand(program: Command): void {
  program
    .command("control")
    .description(
      "steer a run that was started with --control: pause, resume, abort, skip or retry an ONT, release the next wave, change the rate",
    )
    .argument("<run>", "its run folder, or its address host:port")
    .argument("<command>", KINDS_TEXT)
    .argument("[value]", "skip, retry: serial number of the ONT; rate: such as 20Mbit/s, or none for no limit")
    .option("--token <token>", `with an address: what the run printed; default ${TOKEN_VARIABLE}`)
    .action(control);
}

async function control(run: string, kind: string, value: string | undefined, flags: { token?: string }): Promise<void> {
  const body = bodyOf(kind, value);
  const door = doorOf(run, flags.token);
  const { status, text } = await ask(door, body);
  if (status === 200) print(`${text}\n`);
  else throw new UsageError(`${kind}: ${errorOf(text)}`);
}

function bodyOf(kind: string, value: string | undefined): object | undefined {
  const id = randomUUID();
  if (!KINDS.includes(kind)) throw new UsageError(`${kind}: no command; ${KINDS_TEXT}`);
  const needsValue = kind === "skip" || kind === "retry" || kind === "rate";
  if (needsValue !== (value !== undefined))
    throw new UsageError(`${kind}: ${needsValue ? "needs a" : "takes no"} value`);
  switch (kind) {
    case "pause":
    case "resume":
    case "abort":
    case "release":
      return { kind, id };
    case "skip":
    case "retry":
      return { kind, id, serial: value };
    case "rate": {
      const bits = value === "none" ? null : Math.round(parseRate("rate", value ?? "") * BITS_PER_BYTE);
      return { kind, id, bitsPerSecond: bits };
    }
    default:
      return undefined;
  }
}

function doorOf(run: string, token: string | undefined): Door {
  const file = join(run, CONTROL_FILE);
  if (existsSync(file)) return readDoor(file);
  if (existsSync(run)) throw new UsageError(`${run}: no run with --control goes on there`);
  const known = token ?? process.env[TOKEN_VARIABLE];
  if (known === undefined) throw new UsageError(`--token: the token of the run at ${run} is missing`);
  return { address: run, token: known };
}

function readDoor(file: string): Door {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Door;
  } catch (error) {
    throw new UsageError(`${file}: cannot be read (${(error as Error).message})`);
  }
}

async function ask({ address, token }: Door, body: object | undefined): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`http://${address}/${body === undefined ? "status" : "commands"}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    return { status: response.status, text: (await response.text()).trim() };
  } catch (error) {
    // Why fetch failed is in its cause.
    const { message, cause } = error as Error;
    throw new UsageError(`${address}: nobody answers (${cause instanceof Error ? cause.message : message})`);
  }
}

function errorOf(text: string): string {
  try {
    return (JSON.parse(text) as { error?: string }).error ?? text;
  } catch {
    return text;
  }
}
