/** Tags of a run, changed where they stand. */
import { useState } from "preact/hooks";
import type { ListedRun } from "../../types.ts";
import { setTags } from "../ask.ts";

export function TagField({ run, look }: { run: ListedRun; look: () => void }) {
  const [text, setText] = useState<string>();
  const [fault, setFault] = useState("");
  const { name, tags } = run;
  if (text === undefined)
    return (
      <button type="button" class="link" aria-label={`Tags of ${name}`} onClick={() => setText(tags.join(" "))}>
        {tags.length === 0 ? "add" : tags.join(" ")}
      </button>
    );
  const save = async (): Promise<void> => {
    const answer = await setTags(name, text.split(/[\s,]+/).filter(Boolean));
    setFault(answer.ok ? "" : answer.reason);
    if (!answer.ok) return;
    setText(undefined);
    look();
  };
  return (
    <form
      class="tag-field"
      onSubmit={(event: Event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Escape") setText(undefined);
      }}
    >
      <input
        type="text"
        size={12}
        value={text}
        aria-label={`Tags of ${name}, with spaces between`}
        aria-invalid={fault !== ""}
        // Opened by hand, to be written into.
        ref={(field: HTMLInputElement | null) => {
          if (field !== null && document.activeElement !== field) field.focus();
        }}
        onInput={(event: Event) => setText((event.target as HTMLInputElement).value)}
      />
      <button type="submit">Set</button>
      {fault !== "" && (
        <span class="bad" role="alert">
          {fault}
        </span>
      )}
    </form>
  );
}
