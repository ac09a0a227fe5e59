/** Slurm's commands, as its users have them. */
import { execFile } from "node:child_process";
import { RunInputError } from "../../../../run/index.ts";

const SECONDS_MAX = 60;

/** @returns what it says. @throws RunInputError with the first line of what is wrong */
export function slurm(command: "sbatch" | "squeue" | "scancel", words: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    execFile(command, words, { timeout: SECONDS_MAX * 1000, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) return done(stdout.trim());
      const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      const said = stderr.trim().split("\n", 1)[0] || error.message.split("\n", 1)[0];
      fail(new RunInputError(isMissing ? `--engine slurm: no ${command} on this machine` : `slurm: ${said}`));
    });
  });
}
