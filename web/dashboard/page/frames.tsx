/** The last frames of an ONT, in words and field by field, where there is a capture of its run. */
import { useState } from "preact/hooks";
import type { OntFrame, OntFrames } from "../types.ts";
import { framesOf } from "./ask.ts";
import { countWords, timeWords } from "./words.ts";

export function Frames({ query, ont }: { query: string; ont: number }) {
  const [told, setTold] = useState<{ of: string; frames: OntFrames | undefined }>();
  const [isAsking, setAsking] = useState(false);
  const of = `${query} ${ont}`;
  const ask = async (): Promise<void> => {
    setAsking(true);
    const frames = await framesOf(query, ont);
    setAsking(false);
    setTold({ of, frames });
  };
  const shown = told?.of === of ? told : undefined;
  return (
    <section class="frames" aria-label="Frames">
      <div class="section-head">
        <h3>Frames</h3>
        <button type="button" disabled={isAsking} onClick={() => void ask()}>
          {isAsking ? "Reads the capture …" : shown === undefined ? "Show its frames" : "Look again"}
        </button>
      </div>
      {shown !== undefined && <List frames={shown.frames} />}
    </section>
  );
}

function List({ frames: told }: { frames: OntFrames | undefined }) {
  if (told === undefined) return <p class="hint">Nobody answers.</p>;
  const { isCaptured, frames, framesMore, note } = told;
  if (!isCaptured)
    return (
      <p class="hint">
        There is no capture of this run: <code>--pcap</code>, or “keep its frames” in a plan, makes one.
      </p>
    );
  return (
    <>
      {note !== "" && <p class="hint">{note}</p>}
      {frames.length === 0 && <p class="hint">No frame of this ONT is in the capture yet.</p>}
      <ol class="frame-list">
        {frames.toReversed().map((frame, at) => (
          <Frame key={frame.frame === 0 ? `all ${at}` : frame.frame} frame={frame} />
        ))}
      </ol>
      {framesMore > 0 && <p class="hint">{countWords(framesMore)} before; all are in the capture</p>}
    </>
  );
}

function Frame({ frame: { timeMs, direction, text, fields } }: { frame: OntFrame }) {
  const head = (
    <>
      <span class="aside">{timeWords(timeMs)}</span> {direction === "down" ? "↓" : "↑"}
      <span class="unseen">{direction === "down" ? "to the ONT" : "from the ONT"}</span> {text}
    </>
  );
  if (fields === "") return <li class="to-all">{head}</li>;
  return (
    <li>
      <details>
        <summary>{head}</summary>
        <pre tabIndex={0}>{fields}</pre>
      </details>
    </li>
  );
}
