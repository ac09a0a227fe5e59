/** A run in virtual time, once more: from its seed it repeats to the byte, and is stopped where somebody wants to look. */
import { useState } from "preact/hooks";
import type { ShownRun } from "../model/apply.ts";
import { rewind } from "./ask.ts";

const MS_PER_SECOND = 1000;

export function Rewind({ shown, name }: { shown: ShownRun; name: string }) {
  const [text, setText] = useState("");
  const [isStarting, setStarting] = useState(false);
  const [fault, setFault] = useState("");
  const seconds = /^\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : NaN;
  const go = async (): Promise<void> => {
    setStarting(true);
    const answer = await rewind(name, seconds);
    setStarting(false);
    setFault(answer.ok ? "" : answer.reason);
    if (answer.ok) location.hash = `#/run/${encodeURIComponent(answer.body.run)}`;
  };
  return (
    <form
      class="rewind"
      aria-label="Rewind"
      onSubmit={(event: Event) => {
        event.preventDefault();
        if (Number.isFinite(seconds)) void go();
      }}
    >
      <label>
        Again from its seed, to
        <input
          type="text"
          inputMode="decimal"
          size={8}
          value={text}
          placeholder={(shown.head.elapsedMs / MS_PER_SECOND / 2).toFixed(2)}
          aria-invalid={text !== "" && !Number.isFinite(seconds)}
          onInput={(event: Event) => setText((event.target as HTMLInputElement).value)}
        />
        s
      </label>
      <button type="submit" disabled={!Number.isFinite(seconds) || isStarting}>
        {isStarting ? "Goes there …" : "↶ Rewind"}
      </button>
      <span class="told bad" role="status">
        {fault}
      </span>
    </form>
  );
}
