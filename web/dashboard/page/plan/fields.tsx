/** The form of a scenario, made from its JSON Schema: parts in parts, lists, and parts whose fields depend on a kind. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Field, faultAt, type FieldPlace, idOf, isFound } from "./field.tsx";
import { fieldKind, kindsOf, newItem, type SchemaNode, textOf, valueAt } from "./schema.ts";

/** Any field or part. */
export function AnyField(place: FieldPlace): JSX.Element | null {
  const { node, wordsPath, path, form } = place;
  switch (fieldKind(node)) {
    case "part":
      return <Part {...place} />;
    case "list":
      return <List {...place} />;
    case "kinds":
      return isFound(place) ? <Kinds {...place} /> : null;
    case "raw":
      return isFound(place) && form.search !== "" ? (
        <p class="says">
          {wordsPath}: {node.description} In the text only{valueAt(form.store.input, path) === undefined ? "" : ", set"}
          .
        </p>
      ) : null;
    default:
      return isFound(place) ? <Field {...place} /> : null;
  }
}

/** Fields of a part, in the order of the schema. */
export function FieldsOf({ form, node, path, wordsPath, suffix = "" }: FieldPlace & { suffix?: string }) {
  const above = wordsPath === "" ? "" : `${wordsPath}.`;
  return (
    <>
      {Object.entries(node.properties ?? {})
        .filter(([name]) => name !== "kind")
        .map(([name, inner]) => (
          <AnyField key={name} form={form} node={inner} path={[...path, name]} wordsPath={`${above}${name}${suffix}`} />
        ))}
    </>
  );
}

/** How many mistakes there are at a part and in it. */
function mistakesIn({ form, path }: FieldPlace): number {
  const dotted = path.join(".");
  return form.store.errors.filter((error) => error.path === dotted || error.path.startsWith(`${dotted}.`)).length;
}

function Part(place: FieldPlace) {
  const { form, node, path } = place;
  const [isOpen, setOpen] = useState(false);
  const mistakes = mistakesIn(place);
  const value = valueAt(form.store.input, path);
  const count = typeof value === "object" && value !== null ? Object.keys(value).length : 0;
  const isShown = isOpen || mistakes > 0 || form.search !== "";
  return (
    <details
      class="part"
      open={isShown}
      onToggle={(event: Event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}
    >
      <summary id={idOf(path)}>
        {String(path.at(-1))}
        {count > 0 && <span class="aside"> {count} set</span>}
        {mistakes > 0 && <span class="bad"> {mistakes === 1 ? "a mistake" : `${mistakes} mistakes`}</span>}
      </summary>
      <PartFault place={place} />
      {isShown && (
        <>
          <p class="says">{node.description}</p>
          <FieldsOf {...place} />
        </>
      )}
    </details>
  );
}

function PartFault({ place: { form, path } }: { place: FieldPlace }) {
  const fault = faultAt(form.store, path);
  return fault === "" ? null : <p class="fault bad">{fault}</p>;
}

function List(place: FieldPlace) {
  const { form, node, path, wordsPath } = place;
  const [isOpen, setOpen] = useState(false);
  const value = valueAt(form.store.input, path);
  const items: unknown[] = Array.isArray(value) ? value : [];
  const inner = node.items!;
  const mistakes = mistakesIn(place);
  const name = String(path.at(-1));
  if (form.search !== "" && !isFound(place)) return null;
  return (
    <details
      class="part"
      open={isOpen || mistakes > 0}
      onToggle={(event: Event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}
    >
      <summary id={idOf(path)}>
        {name}
        {items.length > 0 && <span class="aside"> {items.length}</span>}
        {mistakes > 0 && <span class="bad"> {mistakes === 1 ? "a mistake" : `${mistakes} mistakes`}</span>}
      </summary>
      <PartFault place={place} />
      <p class="says">{node.description}</p>
      {items.map((_, at) => (
        <fieldset key={at} class="item">
          <legend>
            {name} {at + 1}{" "}
            <button
              type="button"
              class="link"
              onClick={() => form.store.edit([...path, at], undefined)}
              aria-label={`Take out ${name} ${at + 1}`}
            >
              take out
            </button>
          </legend>
          <PartFault place={{ ...place, path: [...path, at] }} />
          {inner.anyOf === undefined ? (
            <FieldsOf form={form} node={inner} path={[...path, at]} wordsPath={`${wordsPath}[]`} />
          ) : (
            <Kinds form={{ ...form, search: "" }} node={inner} path={[...path, at]} wordsPath={`${wordsPath}[]`} />
          )}
        </fieldset>
      ))}
      <button type="button" onClick={() => form.store.edit([...path, items.length], newItem(inner))}>
        Add to {name}
      </button>
    </details>
  );
}

/** A part whose fields depend on its kind. */
function Kinds(place: FieldPlace) {
  const { form, node, path, wordsPath } = place;
  const kinds = kindsOf(node);
  const value = valueAt(form.store.input, path);
  const kind = textOf(valueAt(value, ["kind"]));
  const chosen = kinds.find(({ names }) => names.includes(kind));
  const id = `${idOf(path)}-kind`;
  const usual = node.default === undefined ? "" : textOf(valueAt(node.default, ["kind"]));
  const isItem = typeof path.at(-1) === "number";
  const take = (name: string): void => {
    const next = kinds.find(({ names }) => names.includes(name));
    if (next === undefined) form.store.edit([...path], undefined);
    else form.store.edit([...path], { ...(newItem(next.node) as object), kind: name });
  };
  return (
    <div class="kinds">
      <div class={value === undefined ? "field" : "field is-set"}>
        <label for={id}>{isItem ? "kind" : String(path.at(-1))}</label>
        <select id={id} value={kind} onChange={(event: Event) => take((event.target as HTMLSelectElement).value)}>
          {!isItem && <option value="">{usual === "" ? "–" : `${usual} (usual)`}</option>}
          {kinds
            .flatMap(({ names }) => names)
            .map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
        </select>
        <p class="says">{chosen?.node.description ?? node.description}</p>
      </div>
      {chosen !== undefined && (
        <FieldsOf
          form={form}
          node={chosen.node}
          path={path}
          wordsPath={wordsPath}
          suffix={` (${chosenName(chosen)})`}
        />
      )}
    </div>
  );
}

const chosenName = ({ names }: { node: SchemaNode; names: string[] }): string => names.join(", ");
