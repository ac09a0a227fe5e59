/** What stands in front of a bundle: what it holds, and how all of it is made again. */

export interface BundleFacts {
  name: string;
  question: string;
  version: string;
  nodeVersion: string;
  digest: string;
  cells: number;
  seeds: number;
  /** Words behind `poncast`. */
  command: string;
  /** Plots, and the words that make each. */
  plots: readonly { file: string; command: string }[];
  /** Files that scenarios name and that are not in it, with their sums. */
  elsewhere: readonly { file: string; sha256: string }[];
  hasLock: boolean;
}

export function bundleReadme(facts: BundleFacts): string {
  const { name, question, version, nodeVersion, digest, cells, seeds, command, plots, elsewhere, hasLock } = facts;
  const missing =
    elsewhere.length === 0
      ? ""
      : `\nNot in here, as large or not ours to give on:\n\n${elsewhere.map(({ file, sha256 }) => `- \`${file}\`, SHA-256 ${sha256}`).join("\n")}\n`;
  return `# ${name}

${question === "" ? "" : `${question}\n\n`}${cells} combinations with ${seeds} seeds each, ${cells * seeds} runs in virtual time. Digest of all that decides what is run: \`${digest}\`.

## All of it again

With poncast ${version} on Node.js ${nodeVersion} (another Node gives the same results; ${hasLock ? "`package-lock.json` has each package it was built with" : "its lock file was not at hand"}), in this folder:

\`\`\`console
$ poncast ${command}
$ diff -r again/runs.jsonl results/runs.jsonl && echo the same
${plots.map((plot) => `$ poncast ${plot.command}`).join("\n")}
\`\`\`

Results of another version are of another code: \`runs.jsonl\` has the version in each line, and \`sweep merge\` refuses to mix them.
${missing}
## What is where

- \`sweep.yaml\`, and \`scenario.yaml\` where it is a file of its own: what was asked. Files of traces lie where these name them.
- \`results/\`: each run (\`runs.jsonl\`, \`runs.csv\`), statistics (\`stats.json\`, \`stats.csv\`), the page (\`report.html\`).
- \`data/\`: the same as Parquet and CSV; columns and units are in docs/data.md of poncast.
- \`plots/\`: drawings for print.
- \`notebook.ipynb\`: reads \`data/\` with pandas.
- \`environment.json\`, \`package-lock.json\`, \`CITATION.cff\`, \`SHA256SUMS\`.

The model of the line leaves things out; docs/limits.md of poncast says which, and how much each could be.
`;
}
