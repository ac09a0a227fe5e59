/** The scenario that is planned: its text, what is wrong with it, what the model says. Asks its server, but not at each key. */
import type { PlanAnswer, PlanEdit, PlanError, PlanRequest, SizingAnswer } from "../../plan-types.ts";
import { postFor } from "../ask.ts";

/** After a key, before anything is asked. */
const WAIT_MS = 180;

type Listener = () => void;

export class PlanStore {
  yaml = "";
  /** What the text says, not checked; with edits that are under way. */
  input: Record<string, unknown> = {};
  errors: readonly PlanError[] = [];
  /** The last that the model said; it may be of a text before. */
  sizing: SizingAnswer | null = null;
  /** What is shown is of the text as it is. */
  isFresh = false;
  /** Why nothing is known; empty: all is well. */
  fault = "";
  hours = "02:00-05:00";
  payloads: SizingAnswer["payloads"] = null;
  isMaking = false;
  #edits: PlanEdit[] = [];
  /** Grows with each text that was written by hand. */
  #texts = 0;
  #isAsking = false;
  #isAnew = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<Listener>();

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A text as a whole: of a preset, or as it was written. */
  write(yaml: string): void {
    this.yaml = yaml;
    this.#texts++;
    this.#edits = [];
    this.#changed();
  }

  edit(path: PlanEdit["path"], value: unknown): void {
    this.#edits = this.#edits.filter((edit) => edit.path.join("\n") !== path.join("\n"));
    this.#edits.push(value === undefined ? { path } : { path, value });
    this.input = withEdit(this.input, path, value);
    this.#changed();
  }

  setHours(hours: string): void {
    this.hours = hours;
    this.#changed();
  }

  /** Deltas are made, to see what they save. */
  async makeDeltas(): Promise<void> {
    this.isMaking = true;
    this.#tell();
    const texts = this.#texts;
    const { yaml } = this;
    const answer = await postFor<PlanAnswer>("/plan", { yaml, hours: this.hours, deltas: true }, DELTAS_MS_MAX);
    this.isMaking = false;
    if (!answer.ok) this.fault = answer.reason;
    else if (texts === this.#texts && yaml === this.yaml) this.payloads = answer.body.sizing?.payloads ?? null;
    this.#tell();
  }

  #changed(): void {
    this.isFresh = false;
    this.payloads = null;
    this.#isAnew = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), WAIT_MS);
    this.#tell();
  }

  /** One question at a time: what has changed meanwhile is asked when the answer is there. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#isAnew) {
      this.#isAnew = false;
      const { yaml, hours } = this;
      const edits = this.#edits;
      const texts = this.#texts;
      const request: PlanRequest = { yaml, edits, hours };
      const answer = await postFor<PlanAnswer>("/plan", request);
      this.fault = answer.ok ? "" : answer.reason;
      // Written by hand meanwhile: what is known is of another text.
      if (answer.ok && texts === this.#texts) this.#take(answer.body, edits);
      this.#tell();
    }
    this.#isAsking = false;
  }

  #take({ yaml, input, errors, sizing }: PlanAnswer, taken: readonly PlanEdit[]): void {
    this.yaml = yaml;
    this.#edits = this.#edits.filter((edit) => !taken.includes(edit));
    this.input = this.#edits.reduce((all, { path, value }) => withEdit(all, path, value), input);
    this.errors = errors;
    this.isFresh = !this.#isAnew;
    if (sizing !== null) this.sizing = sizing;
    else if (errors.length === 0) this.sizing = null;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const DELTAS_MS_MAX = 130_000;

/** A copy with one field changed. */
function withEdit(input: unknown, [step, ...rest]: PlanEdit["path"], value: unknown): Record<string, unknown> {
  const next = (inner: unknown): unknown => (rest.length === 0 ? value : withEdit(inner, rest, value));
  if (typeof step === "number") {
    const list: unknown[] = Array.isArray(input) ? [...input] : [];
    const item = next(list[step]);
    if (item === undefined) list.splice(step, 1);
    else list[step] = item;
    return list as never;
  }
  const copy = { ...(input as Record<string, unknown> | undefined) };
  const field = next(copy[step]);
  if (field === undefined) delete copy[step];
  else copy[step] = field;
  return copy;
}
