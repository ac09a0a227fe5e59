/** One field of the form, whatever kind it is: with what it may be, what it is when left out, and what is wrong with it. */
import { useState } from "preact/hooks";
import type { PlanStore } from "./plan-store.ts";
import {
  fieldKind,
  type FieldPath,
  listOfText,
  type SchemaNode,
  textOf,
  valueAt,
  valueOf,
  type Words,
} from "./schema.ts";

export interface FormPlace {
  store: PlanStore;
  words: Words;
  /** Words that somebody looks for; empty: all fields are shown. */
  search: string;
}

export interface FieldPlace {
  form: FormPlace;
  node: SchemaNode;
  path: FieldPath;
  /** As the list of fields has it. */
  wordsPath: string;
}

export const idOf = (path: FieldPath): string => `field-${path.join("-")}`;

export function faultAt({ errors }: PlanStore, path: FieldPath): string {
  const dotted = path.join(".");
  return errors
    .filter((error) => error.path === dotted)
    .map(({ text }) => text)
    .join("; ");
}

export function isFound({ form: { words, search }, wordsPath }: Pick<FieldPlace, "form" | "wordsPath">): boolean {
  if (search === "") return true;
  const info = words.get(wordsPath);
  return `${wordsPath} ${info?.description ?? ""}`.toLowerCase().includes(search);
}

/** A field with one value. */
export function Field({ form, node, path, wordsPath }: FieldPlace) {
  const { store, words } = form;
  const [typed, setTyped] = useState<string>();
  const value = valueAt(store.input, path);
  const info = words.get(wordsPath);
  const name = String(path.at(-1));
  const id = idOf(path);
  const fault = faultAt(store, path);
  const kind = fieldKind(node);
  const change = (text: string): void => {
    setTyped(text);
    const next = kind === "flag" ? flagOf(text) : kind === "words" ? listOfText(node, text) : valueOf(node, text);
    store.edit([...path], next);
  };
  const described = {
    id,
    "aria-invalid": fault !== "",
    "aria-describedby": fault === "" ? `${id}-says` : `${id}-fault ${id}-says`,
  };
  const options = kind === "choice" ? (node.enum ?? []).map(String) : kind === "flag" ? ["true", "false"] : undefined;
  const usual = info?.usual ?? "";
  return (
    <div class={value === undefined ? "field" : "field is-set"}>
      <label for={id}>{name}</label>
      {options === undefined ? (
        <input
          type="text"
          {...described}
          value={typed ?? textOf(value)}
          placeholder={usual}
          onInput={(event: Event) => change((event.target as HTMLInputElement).value)}
          onBlur={() => setTyped(undefined)}
        />
      ) : (
        <select
          {...described}
          value={textOf(value)}
          onChange={(event: Event) => change((event.target as HTMLSelectElement).value)}
        >
          <option value="">{usual === "" ? "–" : `${usual} (usual)`}</option>
          {options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      )}
      {value === undefined ? (
        <span />
      ) : (
        <button
          type="button"
          class="reset"
          title="as usual"
          aria-label={`${name}: as usual`}
          onClick={() => {
            setTyped(undefined);
            store.edit([...path], undefined);
          }}
        >
          ↺
        </button>
      )}
      {fault !== "" && (
        <p class="fault bad" id={`${id}-fault`}>
          {fault}
        </p>
      )}
      <p class="says" id={`${id}-says`}>
        {info?.description ?? node.description} {info !== undefined && info.allowed !== "" && <i>{info.allowed}.</i>}
      </p>
    </div>
  );
}

const flagOf = (text: string): boolean | undefined => (text === "" ? undefined : text === "true");
