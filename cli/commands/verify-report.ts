/** `poncast verify-report`: whether a conformance report is as it was signed. */
import type { Command } from "commander";
import type { VerifyFlags } from "./conform-reports.ts";

export function verifyReportCommand(program: Command): void {
  program
    .command("verify-report")
    .description("check the signature of a conformance report; exits 1 when it does not hold")
    .argument("<report>", "JSON report of poncast conform")
    .requiredOption("-k, --key <file...>", "trusted public keys (PEM); one of them has to have signed")
    .option("--signature <file>", "detached signature; default <report>.sig")
    .action(async (file: string, flags: VerifyFlags) => {
      const { verifyReport } = await import("./conform-reports.ts");
      verifyReport(file, flags);
    });
}
