/** The buttons by which a picture, a table or a list is taken along: SVG and PNG, CSV. */
import { saveCsv, savePng, saveSvg } from "./picture/save.ts";

interface Taken {
  /** Of its file. */
  name: string;
  /** As SVG, asked for when a button is pressed; null: there is none yet. */
  picture?: () => string | null;
  /** A line each, the headings first. */
  rows?: () => readonly (readonly unknown[])[];
}

export function TakeAlong({ name, picture, rows }: Taken) {
  const take = (save: (svg: string, name: string) => unknown): void => {
    const svg = picture?.() ?? null;
    if (svg !== null) void save(svg, name);
  };
  return (
    <p class="downloads">
      {picture && (
        <>
          <button type="button" class="link" onClick={() => take(saveSvg)}>
            SVG
          </button>
          <button type="button" class="link" onClick={() => take(savePng)}>
            PNG
          </button>
        </>
      )}
      {rows && (
        <button type="button" class="link" onClick={() => saveCsv(rows(), name)}>
          CSV
        </button>
      )}
      <span class="unseen">: {name}</span>
    </p>
  );
}
