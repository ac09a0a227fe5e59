/** A notebook (nbformat 4.5) that reads the tables of a sweep: a beginning for whoever goes on with them. */

interface NotebookFacts {
  name: string;
  question: string;
  /** Columns of what was varied, x first. */
  varied: readonly string[];
}

interface NotebookCell {
  cell_type: "markdown" | "code";
  id: string;
  metadata: object;
  source: string[];
  execution_count?: null;
  outputs?: [];
}

/** Each line but the last with its end, as the format has it. */
const linesOf = (text: string): string[] =>
  text.split("\n").map((line, at, all) => (at + 1 < all.length ? `${line}\n` : line));

const markdown = (id: string, text: string): NotebookCell => ({
  cell_type: "markdown",
  id,
  metadata: {},
  source: linesOf(text),
});
const code = (id: string, text: string): NotebookCell => ({
  cell_type: "code",
  id,
  metadata: {},
  source: linesOf(text),
  execution_count: null,
  outputs: [],
});

/** The notebook as the text of its file. */
export function notebookOf({ name, question, varied }: NotebookFacts): string {
  const [x = "seed", series] = varied;
  const groups = JSON.stringify(varied.length > 0 ? varied : ["cell"]);
  const cells = [
    markdown(
      "about",
      `# ${name}\n\n${question}\n\nA row is a run: one combination with one seed. Rows of one seed are a pair. Columns and units: \`docs/data.md\` of poncast.`,
    ),
    code(
      "read",
      `import pandas as pd

try:
    runs = pd.read_parquet("data/sweep.parquet")
except ImportError:  # without pyarrow or fastparquet
    runs = pd.read_csv("data/sweep.csv")
runs.head()`,
    ),
    code(
      "summary",
      `groups = ${groups}\nruns.groupby(groups)[["image_copies", "download_seconds"]].agg(["mean", "std", "count"])`,
    ),
    markdown("pairs-about", "Differences seed by seed: what two ways share by chance falls out."),
    code(
      "pairs",
      series === undefined
        ? `wide = runs.pivot_table(index="seed", columns="${x}", values="image_copies")\nwide.sub(wide.iloc[:, 0], axis=0).agg(["mean", "std"])`
        : `wide = runs.pivot_table(index=["${x}", "seed"], columns="${series}", values="image_copies")
reference = wide.columns[0]
difference = wide.sub(wide[reference], axis=0)
difference.groupby("${x}").agg(["mean", "sem"])`,
    ),
    code(
      "plot",
      `means = runs.groupby(groups)["image_copies"].mean()
ax = ${series === undefined ? "means" : `means.unstack("${series}")`}.plot(marker="o", logy=True)
ax.set_ylabel("Copies of the image sent")`,
    ),
  ];
  const notebook = {
    cells,
    metadata: {
      kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
      language_info: { name: "python" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}
