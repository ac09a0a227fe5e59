/** `poncast conform`: its options. What they are for is in conform-ont.ts, conform-olt.ts and conform-cwmp.ts. */
import type { Command } from "commander";
import { limits } from "../../conform/core/index.ts";
import { conformAcsCommand, conformCpeCommand } from "./conform-cwmp.ts";
import { conformOltCommand } from "./conform-olt.ts";
import { type ConformFlags, IMAGE_BYTES_MAX, IMAGE_BYTES_MIN } from "./conform-options.ts";

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

const HELP = `
Time limits, all times --timeout-scale: an answer ${seconds(limits.answerMs)}, silence ${seconds(limits.silenceMs)}, until a restart begins ${seconds(limits.restartBeginMs)}, until the
ONT is back ${seconds(limits.restartMs)}, "device busy" ${seconds(limits.busyPolls * limits.busyPollMs)} in polls of ${seconds(limits.busyPollMs)}, a notification ${seconds(limits.avcMs)}.
Images: ${IMAGE_BYTES_MIN} to ${IMAGE_BYTES_MAX} bytes. Most cases download the whole of it: 20 to 100 kB are quick.`;

export function conformCommand(program: Command): void {
  const conform = program.command("conform").description("test a device against G.988 software download, or TR-069");
  conformOltCommand(conform);
  conformCpeCommand(conform);
  conformAcsCommand(conform);
  conform
    .command("ont")
    .description("test an ONT; own cases, no certification: docs/conformance.md")
    .argument(
      "[target]",
      "udp://<host>:<port>, relay://<host>[:<port>]/<channel termination>/<ONU-ID> (OB-BAA), openolt://<host>[:<port>][/<serial number>] (VOLTHA), eth:<interface>[/<MAC address>], serial:<tty>[,<bit/s>], exec:<program> <arguments>, vomci://<host>:<port>[/<OLT name>/<channel termination>/<ONU-ID>] (TR-451), unix:<path>, or unix-listen:<path>; docs/connect.md has their octets",
    )
    .option("--target <address>", "the same as an option: a list such as --only takes all words behind it")
    .option("--self", "our own ONT in virtual time instead of a target")
    .option("--quirk <name>", "with --self: an ONT of this quirk profile")
    .option("--image <file>", "image the ONT accepts; with --self one is made")
    .option("--key <file>", "with --self --image: public key that the ONT trusts")
    .option("--message-set <set>", "baseline or extended", "baseline")
    .option("--only <globs...>", "cases to run, such as 'loss.*'", [])
    .option("--skip <globs...>", "cases to leave out", [])
    .option("--list", "list the cases and end")
    .option("--timeout-scale <factor>", "multiplies every time limit", "1")
    .option("--section-gap <ms>", "pause after each section (targets only)", "1")
    .option(
      "--trailer <kind>",
      "of the frames: none, crc32, or mic:<OMCI_IK, 32 hex digits>; default crc32, and none for relay, openolt and vomci",
    )
    .option("--power-cycle-command <command>", "shell command that takes the ONT's power away and gives it back")
    .option(
      "--restart-silence <time>",
      "an ONT that restarts is silent so long at least; 0s: it may answer on without a break",
    )
    .option(
      "--restart-command <command>",
      "shell command that starts a target that died in a case, to go on with the next",
    )
    .option("--json <file>", "JSON report; - for stdout, and nothing else there")
    .option("--junit <file>", "JUnit XML report")
    .option("--tap <file>", "TAP 14 report")
    .option("--pcap <folder>", "a capture of each case, named by its id, with comments")
    .option("--sign <key.pem>", "with --json <file>: signs it, detached, into <file>.sig")
    .addHelpText("after", HELP)
    .action(async (target: string | undefined, flags: ConformFlags) => {
      // Cases and reports are much to load, and other commands do without.
      const { conformOnt } = await import("./conform-ont.ts");
      await conformOnt(target, flags);
    });
}
