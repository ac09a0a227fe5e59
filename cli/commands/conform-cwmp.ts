/** `poncast conform cpe` and `conform acs`: their options. What they do is in conform-cwmp-run.ts. */
import type { Command } from "commander";

/** Of both. */
export interface CwmpFlags {
  self?: boolean;
  quirk?: string;
  only: string[];
  skip: string[];
  list?: boolean;
  timeoutScale: string;
  username?: string;
  password?: string;
  json?: string;
  junit?: string;
  tap?: string;
  har?: string;
  sign?: string;
}

export interface ConformCpeFlags extends CwmpFlags {
  listen: string;
  origin?: string;
  image?: string;
  imageVersion?: string;
  untrustedImage?: string;
  connectionUsername?: string;
  connectionPassword?: string;
  restartCommand?: string;
  revokedPki?: string;
}

export interface ConformAcsFlags extends CwmpFlags {
  ca?: string;
  oui: string;
  productClass: string;
  serial: string;
}

const common = (command: Command): Command =>
  command
    .option("--only <globs...>", "cases to run, such as 'download.*'", [])
    .option("--skip <globs...>", "cases to leave out", [])
    .option("--list", "list the cases and end")
    .option("--timeout-scale <factor>", "multiplies every time limit", "1")
    .option("--json <file>", "JSON report; - for stdout, and nothing else there")
    .option("--junit <file>", "JUnit XML report")
    .option("--tap <file>", "TAP 14 report")
    .option("--har <folder>", "an HTTP archive of each case, named by its id")
    .option("--sign <key.pem>", "with --json <file>: signs it, detached, into <file>.sig");

const run = () => import("./conform-cwmp-run.ts");

const CPE_HELP = `
The CPE is pointed to http://<listen>/acs, or to --origin. It is told name and password for connection requests at its first session.
Set back at the end of a case: URL of the ACS, PeriodicInformInterval. Not set back: ParameterKey, ProvisioningCode, the figures of CWMPRetry.
Without --image nothing is installed; with it the last cases install it. docs/conform-cwmp.md has all cases.`;

export function conformCpeCommand(conform: Command): void {
  const command = conform
    .command("cpe")
    .description("an ACS and a file server that test a CPE (TR-069); own cases, no certification: docs/conform-cwmp.md")
    .argument("[address]", "its ConnectionRequestURL, where it is to be asked to come; without it, it comes by itself")
    .option("--listen <address:port>", "where the CPE finds the ACS, at /acs, and its files", "127.0.0.1:7549")
    .option("--origin <url>", "how the CPE reaches that, where it differs, such as http://192.0.2.1:7549")
    .option("--self", "our own CPE in virtual time")
    .option("--quirk <name>", "with --self: a CPE with this flaw")
    .option("--image <file>", "firmware that the CPE takes, and does not run yet")
    .option("--image-version <text>", "the version that it tells when it runs that")
    .option("--untrusted-image <file>", "firmware that is whole, and signed by somebody whom it does not trust")
    .option("--username <name>", "what it shows its ACS, with --password")
    .option("--password <text>", "the same")
    .option("--connection-username <name>", "what it takes for connection requests already, with --connection-password")
    .option("--connection-password <text>", "the same")
    .option("--restart-command <command>", "shell command that takes its power away and gives it back")
    .option(
      "--revoked-pki <folder>",
      "an authority of `poncast pki init` that the CPE trusts: a certificate is issued and revoked there, and its server is at the next port",
    );
  common(command)
    .addHelpText("after", CPE_HELP)
    .action(async (address: string | undefined, flags: ConformCpeFlags) => (await run()).conformCpe(address, flags));
}

export function conformAcsCommand(conform: Command): void {
  const command = conform
    .command("acs")
    .description("a CPE that tests an ACS (TR-069); own cases, no certification: docs/conform-cwmp.md")
    .argument("[url]", "where its devices go, such as https://acs.example:7548/acs")
    .option("--self", "our own ACS, on a port of this machine")
    .option("--quirk <name>", "with --self: an ACS with this flaw")
    .option("--ca <file>", "PEM of who issues its certificate; by default whom the system trusts")
    .option("--username <name>", "what the CPE shows, with --password; without them nobody is asked")
    .option("--password <text>", "the same")
    .option("--oui <hex>", "OUI of the CPE", "00D09E")
    .option("--product-class <text>", "its product class", "ONT")
    .option("--serial <text>", "its serial number", "CONFORM1");
  common(command).action(async (url: string | undefined, flags: ConformAcsFlags) =>
    (await run()).conformAcs(url, flags),
  );
}
