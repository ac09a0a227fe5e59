import type { Command } from "commander";
import { join } from "node:path";
import { JournalError } from "../../scenarios/journal/index.ts";
import { RunInputError } from "../../scenarios/process/errors.ts";
import { RUN_FILES } from "../../scenarios/process/run-folder.ts";
import { reportOf, writePage } from "../../scenarios/report/index.ts";
import { UsageError } from "../errors.ts";

/** `poncast report`: a run or a sweep as one page. */
export function reportCommand(program: Command): void {
  program
    .command("report")
    .description("write a run or a sweep as one HTML page with charts, for a browser, paper or a mail")
    .argument("<folder>", "folder of a run or a sweep")
    .option("--out <file>", `where it goes; default ${RUN_FILES.report} in the folder`)
    .action(async (folder: string, flags: { out?: string }) => {
      const path = flags.out ?? join(folder, RUN_FILES.report);
      try {
        writePage(path, await reportOf(folder));
      } catch (error) {
        if (error instanceof RunInputError) throw new UsageError(error.message);
        if (error instanceof JournalError) throw new UsageError(`${join(folder, RUN_FILES.journal)}: ${error.message}`);
        const { syscall, path: file = path, message } = error as NodeJS.ErrnoException;
        if (syscall !== undefined) throw new UsageError(`${file}: ${message}`);
        throw error;
      }
      process.stdout.write(`report: ${path}\n`);
    });
}
