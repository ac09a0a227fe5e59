/** Commands to a run: pause, resume, the next wave, abort, rate; in virtual time also how fast it goes. */
import { useState } from "preact/hooks";
import type { ShownRun } from "../model/apply.ts";
import { type CommandAnswer, changePace, give, type PageCommand } from "./ask.ts";
import { rateText } from "./words.ts";

/** Asked again until then, milliseconds. */
const ASK_MS = 8000;
const TOLD_MS = 6000;
const UNITS: Record<string, number> = { "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9 };
const SPEEDS = [0.1, 1, 10, 100];
const STEP_MS = 100;

export interface Told {
  text: string;
  isBad: boolean;
}

/** Gives commands and says what became of them. */
export function useCommands(
  query: string,
): [told: Told | undefined, ask: (sent: Promise<CommandAnswer>, done: string) => void] {
  const [told, setTold] = useState<Told>();
  const ask = (sent: Promise<CommandAnswer>, done: string): void => {
    void sent.then((answer) => {
      const next = answer.ok ? { text: done, isBad: false } : { text: answer.reason, isBad: true };
      setTold(next);
      setTimeout(() => setTold((now) => (now === next ? undefined : now)), TOLD_MS);
    });
  };
  void query;
  return [told, ask];
}

export function Steer({ shown, query }: { shown: ShownRun; query: string }) {
  const { head } = shown;
  const [told, ask] = useCommands(query);
  const [isAsked, setAsked] = useState(false);
  if (!head.canSteer) return null;
  const command = (kind: PageCommand["kind"] & ("pause" | "resume" | "abort" | "release"), done: string): void =>
    ask(give(query, { kind }), done);
  return (
    <section class="steer" aria-label="Steer">
      <div class="buttons">
        {head.paused ? (
          <button type="button" class="main" disabled={head.aborting} onClick={() => command("resume", "resumed")}>
            ▶ Resume
          </button>
        ) : (
          <button
            type="button"
            class="main"
            disabled={head.aborting}
            onClick={() => command("pause", "paused: no section is sent")}
          >
            ❚❚ Pause
          </button>
        )}
        {shown.facts.road === "omci" && (
          <Rate shown={shown} set={(bitsPerSecond, done) => ask(give(query, { kind: "rate", bitsPerSecond }), done)} />
        )}
        {shown.facts.road === "omci" && (
          <button
            type="button"
            disabled={head.aborting}
            title="Begins with those whose image is stored, whatever the rollout waits for"
            onClick={() => command("release", "the next wave is released")}
          >
            » Release next wave
          </button>
        )}
        {isAsked ? (
          <span class="sure" role="group" aria-label="Abort?">
            All ONTs go back to their old image.
            <button
              type="button"
              class="danger"
              onClick={() => {
                setAsked(false);
                command("abort", "aborting: all go back to their old image");
              }}
            >
              Yes, abort
            </button>
            <button type="button" onClick={() => setAsked(false)}>
              No
            </button>
          </span>
        ) : (
          <button
            type="button"
            class="danger"
            disabled={head.aborting}
            onClick={() => {
              setAsked(true);
              setTimeout(() => setAsked(false), ASK_MS);
            }}
          >
            ■ Abort …
          </button>
        )}
        {head.pace && <Pace shown={shown} query={query} ask={ask} />}
      </div>
      <p class={told?.isBad === true ? "told bad" : "told"} role="status" aria-live="polite">
        {told?.text ?? ""}
      </p>
    </section>
  );
}

function Rate({ shown, set }: { shown: ShownRun; set: (bitsPerSecond: number | null, done: string) => void }) {
  const [value, setValue] = useState("");
  const [unit, setUnit] = useState("Mbit/s");
  // A comma is what some keyboards have for a point; between thousands neither is taken.
  const number = /^\d+([.,]\d+)?$/.test(value.trim()) ? Number(value.trim().replace(",", ".")) : NaN;
  const bits = Math.round(number * UNITS[unit]);
  const isRight = Number.isFinite(bits) && bits > 0;
  const each = shown.facts.pons > 1 ? " for each port" : "";
  return (
    <form
      class="rate"
      onSubmit={(event: Event) => {
        event.preventDefault();
        if (isRight) set(bits, `budget ${rateText(bits)}${each}`);
      }}
    >
      <label>
        Rate{each}
        <input
          type="text"
          inputMode="decimal"
          size={6}
          value={value}
          placeholder={placeholder(shown)}
          aria-invalid={value !== "" && !isRight}
          onInput={(event: Event) => setValue((event.target as HTMLInputElement).value)}
        />
      </label>
      <select
        aria-label="Unit of the rate"
        value={unit}
        onChange={(event: Event) => setUnit((event.target as HTMLSelectElement).value)}
      >
        {Object.keys(UNITS).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <button type="submit" disabled={!isRight}>
        Set
      </button>
      <button type="button" onClick={() => set(null, "as fast as the link")}>
        No limit
      </button>
    </form>
  );
}

function placeholder({ head, facts }: ShownRun): string {
  const { budgetBitsPerSecond: budget } = head;
  return budget === null ? "no limit" : String(Number((budget / facts.pons / UNITS["Mbit/s"]).toPrecision(3)));
}

function Pace({
  shown,
  query,
  ask,
}: {
  shown: ShownRun;
  query: string;
  ask: (sent: Promise<CommandAnswer>, done: string) => void;
}) {
  const { speed, isStopped } = shown.head.pace!;
  const now = isStopped ? "stopped" : speed === null ? "max" : String(speed);
  const known = ["stopped", "max", ...SPEEDS.map(String)];
  return (
    <span class="pace" role="group" aria-label="Virtual time">
      <label>
        Time
        <select
          value={now}
          onChange={(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            if (value === "stopped") ask(changePace(query, { stop: true }), "time stands still");
            else ask(changePace(query, { speed: value === "max" ? null : Number(value) }), "time goes on");
          }}
        >
          <option value="stopped">stopped</option>
          {[...SPEEDS.map(String), ...(known.includes(now) ? [] : [now])].map((each) => (
            <option key={each} value={each}>
              × {each}
            </option>
          ))}
          <option value="max">as fast as it goes</option>
        </select>
      </label>
      {isStopped && (
        <button type="button" onClick={() => ask(changePace(query, { stepMs: STEP_MS }), `${STEP_MS} ms further`)}>
          Step {STEP_MS} ms
        </button>
      )}
    </span>
  );
}
