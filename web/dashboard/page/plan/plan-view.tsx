/** A run before it is one: a preset or a scenario of one's own, what the model says of it while it is written, and its start. */
import { useEffect, useReducer, useState } from "preact/hooks";
import type { ListedPreset, PlanSchema } from "../../plan-types.ts";
import { listOf } from "../ask.ts";
import { Answer } from "./answer.tsx";
import { type FormPlace, idOf } from "./field.tsx";
import { AnyField } from "./fields.tsx";
import { PlanStore } from "./plan-store.ts";
import { fieldKind, type SchemaNode, type Words, wordsOf } from "./schema.ts";
import { Start } from "./start.tsx";

const FIRST_PRESET = "default";

/** Kept while the page is open: whoever goes to look at a run comes back to it. */
const store = new PlanStore();

interface Known {
  schema: SchemaNode;
  words: Words;
  presets: ListedPreset[];
}

export function PlanView() {
  document.title = "plan · poncast";
  const [, render] = useReducer<number, void>((count) => count + 1, 0);
  const [known, setKnown] = useState<Known>();
  useEffect(() => store.listen(render), []);
  useEffect(() => {
    let isOpen = true;
    void Promise.all([listOf<PlanSchema>("/schema"), listOf<{ presets: ListedPreset[] }>("/presets")]).then(
      ([told, list]) => {
        if (!isOpen || told === undefined || list === undefined) return;
        const { presets } = list;
        setKnown({ schema: told.schema as SchemaNode, words: wordsOf(told.fields), presets });
        const first = presets.find(({ name }) => name === FIRST_PRESET) ?? presets[0];
        if (store.yaml === "") store.write(first?.yaml ?? "name: mine\n");
      },
    );
    return () => {
      isOpen = false;
    };
  }, []);
  return (
    <main class="plan">
      <h1>Plan</h1>
      {known === undefined ? (
        <p class="hint">…</p>
      ) : (
        <>
          <div class="choices">
            <Presets presets={known.presets} />
            <Hours />
          </div>
          <Mistakes />
          <div class="plan-columns">
            <Form known={known} />
            <div class="plan-says">
              <Answer store={store} />
              <Start store={store} />
              <Text />
            </div>
          </div>
        </>
      )}
    </main>
  );
}

function Presets({ presets }: { presets: readonly ListedPreset[] }) {
  const [name, setName] = useState("");
  const chosen = presets.find((preset) => preset.name === name);
  return (
    <>
      <label>
        Begin with a preset
        <select
          value={name}
          onChange={(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            setName(value);
            const preset = presets.find((each) => each.name === value);
            if (preset !== undefined) store.write(preset.yaml);
          }}
        >
          <option value="">–</option>
          {presets.map((preset) => (
            <option key={preset.name} value={preset.name}>
              {preset.name}
            </option>
          ))}
        </select>
      </label>
      {chosen !== undefined && <p class="question">{chosen.question}</p>}
    </>
  );
}

function Hours() {
  const fault = store.errors.find(({ path }) => path === "hours");
  return (
    <label>
      Hours of the night
      <input
        type="text"
        size={13}
        value={store.hours}
        placeholder="02:00-05:00"
        aria-invalid={fault !== undefined}
        onInput={(event: Event) => store.setHours((event.target as HTMLInputElement).value)}
      />
      {fault !== undefined && <span class="bad">{fault.text}</span>}
    </label>
  );
}

/** All mistakes together, each a way to its field. */
function Mistakes() {
  const mistakes = store.errors.filter(({ path }) => path !== "hours");
  return (
    <div role="status">
      {mistakes.length > 0 && (
        <div class="notice bad">
          <ul class="mistakes">
            {mistakes.map(({ path, line, text }) => (
              <li key={`${path} ${text}`}>
                {path !== "" && (
                  <button
                    type="button"
                    class="link"
                    onClick={() => document.getElementById(idOf(path.split(".")))?.focus()}
                  >
                    {path}
                  </button>
                )}{" "}
                {text}
                {line > 0 && <span class="aside"> line {line}</span>}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Form({ known: { schema, words } }: { known: Known }) {
  const [search, setSearch] = useState("");
  const form: FormPlace = { store, words, search: search.trim().toLowerCase() };
  const fields = Object.entries(schema.properties ?? {});
  const isSingle = ([, node]: [string, SchemaNode]): boolean => !["part", "list"].includes(fieldKind(node));
  const show = ([name, node]: [string, SchemaNode]) => (
    <AnyField key={name} form={form} node={node} path={[name]} wordsPath={name} />
  );
  return (
    <form class="scenario" aria-label="Scenario" onSubmit={(event: Event) => event.preventDefault()}>
      <label class="search">
        Find a field
        <input
          type="search"
          value={search}
          onInput={(event: Event) => setSearch((event.target as HTMLInputElement).value)}
        />
      </label>
      {fields.filter(isSingle).map(show)}
      {fields.filter((each) => !isSingle(each)).map(show)}
    </form>
  );
}

function Text() {
  const lines = store.yaml.split("\n").length;
  return (
    <section aria-label="Text of the scenario">
      <h2>The same as text</h2>
      <textarea
        class="yaml"
        aria-label="Scenario as YAML"
        spellcheck={false}
        rows={Math.min(40, lines + 1)}
        value={store.yaml}
        onInput={(event: Event) => store.write((event.target as HTMLTextAreaElement).value)}
      />
    </section>
  );
}
