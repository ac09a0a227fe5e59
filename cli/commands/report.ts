/** `poncast report`: writes the page of a run or of a sweep that is there already. */
import type { Command } from "commander";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RUN_FILES } from "../../run/recorder/index.ts";
import { reportOf, writePage } from "../../web/report/index.ts";
import { SWEEP_FILES } from "../../study/sweep/index.ts";
import { sweepPageOf } from "../sweep-report.ts";
import { print } from "../print.ts";

export function reportCommand(program: Command): void {
  program
    .command("report")
    .description("write a run or a sweep as one HTML page with charts, for a browser, paper or a mail")
    .argument("<folder>", "folder of a run or a sweep")
    .option("--out <file>", `where it goes; default ${RUN_FILES.report} in the folder`)
    .action(async (folder: string, flags: { out?: string }) => {
      const path = flags.out ?? join(folder, RUN_FILES.report);
      const isSweep = existsSync(join(folder, SWEEP_FILES.plan));
      writePage(path, isSweep ? sweepPageOf(folder) : await reportOf(folder));
      print(`report: ${path}\n`);
    });
}
