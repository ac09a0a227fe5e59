/** The batch script of an array: each task calls the worker with its line of ids. */

export interface ArrayScript {
  node: string;
  command: string;
  sweepFolder: string;
  idsFile: string;
  jobs: number;
}

/** For a shell, whatever is in it. */
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

export function arrayScript({ node, command, sweepFolder, idsFile, jobs }: ArrayScript): string {
  const words = [node, command, "sweep", "work", sweepFolder, "--ids", idsFile, "--jobs", String(jobs), "--quiet"];
  return [
    "#!/bin/sh",
    "# A task of a sweep; poncast submits this script as an array, and SLURM_ARRAY_TASK_ID says whose ids are meant.",
    `exec ${words.map(quoted).join(" ")}`,
    "",
  ].join("\n");
}
