/** A plan becomes a run, or a file. */
import { useState } from "preact/hooks";
import type { StartRequest } from "../../plan-types.ts";
import { BEGIN_MS_MAX, postFor } from "../ask.ts";
import { saveYaml } from "../picture/save.ts";
import type { PlanStore } from "./plan-store.ts";
import { textOf } from "./schema.ts";

const WAYS: readonly (readonly [name: string, text: string, asked: Pick<StartRequest, "as" | "speed">])[] = [
  ["max", "in virtual time, as fast as it goes", { as: "virtual" }],
  ["1", "in virtual time, like a clock", { as: "virtual", speed: 1 }],
  ["10", "in virtual time, 10 × as fast as a clock", { as: "virtual", speed: 10 }],
  ["100", "in virtual time, 100 × as fast as a clock", { as: "virtual", speed: 100 }],
  ["processes", "as processes of this machine", { as: "processes" }],
];

export function Start({ store }: { store: PlanStore }) {
  const [way, setWay] = useState("max");
  const [isCaptured, setCaptured] = useState(false);
  const [isStarting, setStarting] = useState(false);
  const [fault, setFault] = useState("");
  const start = async (): Promise<void> => {
    const asked = WAYS.find(([name]) => name === way)![2];
    setStarting(true);
    const request: StartRequest = { id: crypto.randomUUID(), yaml: store.yaml, ...asked, capture: isCaptured };
    const answer = await postFor<{ run: string }>("/runs", request, BEGIN_MS_MAX);
    setStarting(false);
    setFault(answer.ok ? "" : answer.reason);
    if (answer.ok) location.hash = `#/run/${encodeURIComponent(answer.body.run)}`;
  };
  const isRight = store.isFresh && store.errors.every(({ path }) => path === "hours");
  return (
    <section class="start" aria-label="Run it">
      <div class="buttons">
        <label>
          Run it
          <select value={way} onChange={(event: Event) => setWay((event.target as HTMLSelectElement).value)}>
            {WAYS.map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" checked={isCaptured} onChange={() => setCaptured(!isCaptured)} />
          keep its frames
        </label>
        <button type="button" class="main" disabled={!isRight || isStarting} onClick={() => void start()}>
          {isStarting ? "Begins …" : "▶ Run"}
        </button>
        <button type="button" onClick={() => saveYaml(store.yaml, textOf(store.input["name"]) || "scenario")}>
          Save the YAML
        </button>
      </div>
      <p class="told bad" role="status">
        {fault}
      </p>
    </section>
  );
}
