/** `poncast run --join-port`: a run of which other hosts bring ports. */
import type { Command } from "commander";
import { LOOPBACK, resolveInterface } from "../pon/index.ts";
import { hasCampaign } from "../run/campaign/index.ts";
import type { RunOptions } from "../run/types.ts";
import type { Scenario } from "../scenarios/index.ts";
import { UsageError } from "./errors.ts";
import { PON_KEY_OPTION, ponKeyOf } from "./pon-key.ts";
import { tell } from "./print.ts";
import { parseCount, parsePort } from "./units.ts";

export interface JoinFlags {
  joinPort?: string;
  joined?: string;
  ponKey?: string;
  virtual?: boolean;
  target?: string;
}

/** OLTs have the UDP ports behind it, one for each port of the run. */
const PORT_LAST = 65_535;

export function addJoinOptions(command: Command): void {
  command
    .option(
      "--join-port <n>",
      "other hosts bring ports of this run: they join at this TCP port of --interface, see `poncast olt --join`; the OLT of port p has UDP port n + p",
    )
    .option("--joined <n>", "with --join-port: how many ports they bring, the last ones; default all but the first")
    .option(
      PON_KEY_OPTION[0],
      "with --join-port: key that all hosts of the run have in common, 32 hexadecimal digits or a file with them",
    );
}

/** @returns undefined where all ports are on this machine @throws UsageError */
export function hostsOf(flags: JoinFlags, scenario: Scenario): RunOptions["hosts"] {
  if (flags.joinPort === undefined) {
    for (const [option, value] of Object.entries({ "--joined": flags.joined, "--pon-key": flags.ponKey }))
      if (value !== undefined)
        throw new UsageError(`${option}: changes nothing without --join-port: all ports are on this machine`);
    return undefined;
  }
  refuseAlone(flags, scenario);
  const { pons } = scenario;
  const port = parsePort("--join-port", flags.joinPort);
  if (port < 1 || port + pons - 1 > PORT_LAST)
    throw new UsageError(
      `--join-port: ${port} is not allowed; 1 to ${PORT_LAST - pons + 1}, as the OLTs of ${pons} ports have UDP ports from there on`,
    );
  const joined = flags.joined === undefined ? pons - 1 : parseCount("--joined", flags.joined);
  if (joined < 1) throw new UsageError("--join-port: the only port is this machine's; --pons 2, or --joined 1");
  if (joined > pons) throw new UsageError(`--joined: ${joined} is not allowed; 1 to ${pons}, the ports of the run`);
  const key = ponKeyOf(flags.ponKey, scenario);
  if (key === undefined)
    throw new UsageError(
      "--join-port: needs a key that all hosts have: --pon-key, such as `openssl rand -hex 16` prints",
    );
  return { port, joined, key };
}

/** Where hosts are to go, for whoever starts them. */
export function tellHosts({ pon }: Scenario, { port, joined }: NonNullable<RunOptions["hosts"]>): void {
  const at = `${resolveInterface(pon.interface)}:${port}`;
  const hosts = joined === 1 ? "a host that brings a port" : `${joined} hosts that bring a port each`;
  tell(`waits for ${hosts}: poncast olt --join ${at} --pon-key …\n`);
  if (pon.interface === LOOPBACK) tell("--interface: without it hosts can join from this machine alone\n");
}

function refuseAlone({ virtual, target }: JoinFlags, scenario: Scenario): void {
  const why =
    virtual === true
      ? "--virtual: one process simulates all ports"
      : target === undefined
        ? scenario.road === "omci" && !hasCampaign(scenario)
          ? ""
          : "another road than OMCI: there is one port"
        : "--target: the ONUs are behind one server";
  if (why !== "") throw new UsageError(`--join-port: changes nothing with ${why}`);
}
