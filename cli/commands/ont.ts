/** `poncast ont`: runs ONTs for an OLT in another terminal or on another host, and says how they stand at the end. */
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { plural } from "../../base/text/index.ts";
import { placedLater } from "../../base/errors/index.ts";
import { systemClock } from "../../base/clock/index.ts";
import type { AgentEvent } from "../../ont/agent/index.ts";
import type { OntEvent } from "../../ont/core/types.ts";
import { UPDATE_FILE } from "../../ont/folder/index.ts";
import {
  OntProcess,
  type FromOnt,
  type OntProcessConfig,
  type OntReport,
  readBootRecord,
  type StartRoad,
} from "../../ont/process/index.ts";
import { factoryMaker } from "../../run/index.ts";
import {
  describeFleet,
  type FleetOnt,
  makeStates,
  ontProcessConfigOf,
  refuseFewFilesHere,
} from "../../run/processes/index.ts";
import { makeFolders } from "../../base/files/index.ts";
import { headerOf, ImageError, sliceFor } from "../../image/index.ts";
import { LIMITS, type Scenario } from "../../scenarios/index.ts";
import { UsageError } from "../errors.ts";
import { requireFile } from "../files.ts";
import { addFieldOptions, ALLOW_DOWNGRADE, SIDE_SCENARIO, sideScenario } from "../run-options.ts";
import { PON_KEY_OPTION, ponKeyOf } from "../pon-key.ts";
import { parseAddress, parseNumber } from "../units.ts";
import { deferred, orInterrupted } from "../waiting.ts";
import { readPublicKeys } from "./image-input.ts";
import { recoveryAddressesOf, serveRecovery } from "./ont-recovery.ts";
import { print, tell } from "../print.ts";

const NS_PER_SECOND = 1e9;
const MS_PER_SECOND = 1000;
/** A run over several hosts numbers the ONTs of all its ports. */
const SERIALS_MAX = LIMITS.pons * LIMITS.ontsPerPon;
/** Of ONTs that are held in diagnostic mode, where nothing else is said. */
const DEFAULT_RECOVERY = "fastboot://127.0.0.1:5554";
/** These ONTs are there to stay: they outlive a power cut of this machine. */
const DURABILITY = "fsync";

interface OntFlags {
  olt: string;
  key?: string;
  state: string;
  first: string;
  runs?: string;
  updateFolder?: string;
  json?: boolean;
  quiet?: boolean;
  onts?: string;
  ponKey?: string;
  diagnostic?: boolean;
  bootLoader?: string[];
  [option: string]: unknown;
}

export function ontCommand(program: Command): void {
  const command = program
    .command("ont")
    .description("ONTs alone, for an OLT started with `poncast olt` in another terminal or on another host")
    .argument("[scenario]", "scenario file or preset: its ONT settings count", SIDE_SCENARIO);
  addFieldOptions(command, "ont");
  command
    .requiredOption("--olt <address:port>", "where the OLT listens")
    .option(...PON_KEY_OPTION)
    .option("--state <folder>", "flash of the ONTs: two slots and a boot record each; kept", "poncast-onts")
    .option("--first <n>", "number of the first ONT: gives each process serial numbers of its own", "0")
    .option(
      "--update-folder <folder>",
      "each ONT takes update.zip from it, signed by the owner of --key; {serial} in its name: a folder for each",
    )
    .option("--runs <file>", "bundle that ONTs without flash of their own come with, such as what a delta is from")
    .option(ALLOW_DOWNGRADE.flags, ALLOW_DOWNGRADE.help)
    .option("--diagnostic", "held in diagnostic mode: their boot loaders wait for a tool, `poncast recover` or another")
    .option(
      "--boot-loader <address>",
      "where their boot loaders are reached: fastboot://127.0.0.1:5554, tftp://…, ymodem://… or ymodem:/dev/…; each further ONT on the next port; more than once",
      (value: string, before: string[] | undefined) => [...(before ?? []), value],
    )
    .option("--json", "events as JSON lines on stdout")
    .option("--quiet", "no events, only how they stand at the end")
    .action((name: string, flags: OntFlags) => runOnts(name, flags));
}

async function runOnts(name: string, flags: OntFlags): Promise<void> {
  if (flags.key === undefined) throw new UsageError("--key: the public key that the ONTs trust is missing");
  const { host, port } = parseAddress("--olt", flags.olt);
  const trustedKeys = readPublicKeys([flags.key]);
  const fleet = describe(name, flags, trustedKeys);
  const ended = deferred<Extract<FromOnt, { type: "stopped" | "failed" }>>();
  const { scenario, onts, ponKey } = fleet;
  const wished = flags.bootLoader ?? (flags.diagnostic === true ? [DEFAULT_RECOVERY] : []);
  const recovery = recoveryAddressesOf(wished, onts.length);
  refuseFewFilesHere(onts.length, scenario.pon.encapsulation);
  const report = (message: FromOnt): void => {
    if (message.type === "events") {
      if (!flags.quiet) for (const { serial, timeNs, event } of message.events) show(serial, timeNs, event, flags.json);
    } else if (message.type !== "ready") ended.resolve(message);
  };
  const running = await placedLater("poncast ont", async () => {
    makeFolders(resolve(flags.state));
    const fresh = onts.filter(({ description }) => readBootRecord(description.stateFolder) === null);
    makeStates(fresh, DURABILITY);
    const records = onts.map((fleetOnt) => ({ fleet: fleetOnt }));
    const config = ontProcessConfigOf(scenario, records, { address: host, port }, process.hrtime.bigint(), ponKey);
    const startRoad = await folderRoad(flags, trustedKeys, config, report);
    return await OntProcess.start({ ...config, durability: DURABILITY, imageHash: true }, report, startRoad);
  });
  if (wished.length > 0)
    try {
      await serveRecovery(running, recovery, (index) => onts[index]!.description);
    } catch (error) {
      running.stop();
      throw error;
    }
  // Listens before it says so: a Ctrl-C right after the line is not lost.
  const waiting = orInterrupted(ended.promise);
  tell(`${plural(onts.length, "ONT")} for the OLT at ${host}:${port}; Ctrl-C cuts their power\n`);
  await waiting;
  running.stop();
  const last = await ended.promise;
  if (last.type === "failed") {
    tell(`${last.message}\n`);
    process.exitCode = 1;
  } else if (!flags.json) for (const ont of last.onts) print(`${standing(ont)}\n`);
}

/** With --update-folder; absent: nobody looks for update.zip. */
async function folderRoad(
  { updateFolder, quiet, json }: OntFlags,
  trustedKeys: Uint8Array[],
  { seed, epochNs }: Pick<OntProcessConfig, "seed" | "epochNs">,
  report: (message: FromOnt) => void,
): Promise<StartRoad | undefined> {
  if (updateFolder === undefined) return undefined;
  // No other ONT needs it.
  const { startFolderAgent } = await import("../../ont/folder/process/index.ts");
  const nowNs = systemClock(epochNs);
  return ({ serial, stateFolder, productCode, hardwareVersion, allowDowngrade = false, deltaAware = false }, store) => {
    const folder = resolve(updateFolder.replaceAll("{serial}", serial));
    const fit = { productCode, hardwareVersion, allowDowngrade, deltaAware };
    return startFolderAgent({
      road: { folder, archiveKeys: trustedKeys, trustedKeys, ...fit },
      serial,
      stateFolder,
      seed,
      nowNs,
      store,
      durability: DURABILITY,
      onEvent: (timeNs, event) => {
        if (quiet !== true) showRoad(serial, timeNs, event, json);
      },
      onFailure: (error) => report({ type: "failed", message: String(error) }),
    });
  };
}

function showRoad(serial: string, timeNs: number, event: AgentEvent, json: boolean | undefined): void {
  const seconds = timeNs / NS_PER_SECOND;
  if (json) return void print(`${JSON.stringify({ serial, seconds, road: "file", ...event })}\n`);
  if (event.type !== "state") return;
  const { state, cause } = event;
  const words = cause === undefined ? state : `${state}: ${cause}`;
  print(`${seconds.toFixed(3).padStart(9)} s  ${serial}  ${UPDATE_FILE}: ${words}\n`);
}

/** ONTs `first`… of the scenario's fleet. */
function describe(
  name: string,
  flags: OntFlags,
  trustedKeys: Uint8Array[],
): { scenario: ReturnType<typeof sideScenario>; onts: FleetOnt[]; ponKey: Uint8Array | undefined } {
  const first = parseNumber("--first", flags.first);
  const runs = flags.runs === undefined ? undefined : readRunning(flags.runs);
  const scenario = withRunning(sideScenario(name, flags, "ont"), runs);
  if (!Number.isInteger(first) || first < 0 || first + scenario.onts > SERIALS_MAX)
    throw new UsageError(
      `--first: ${flags.first} is not allowed; 0 to ${SERIALS_MAX - scenario.onts} with ${scenario.onts} ONTs`,
    );
  const ponKey = ponKeyOf(flags.ponKey, scenario);
  const all = describeFleet(
    { ...scenario, onts: first + scenario.onts },
    { trustedKeys, factory: factoryMaker(scenario.seed, runs?.sliceFor) },
    resolve(flags.state),
    ponKey,
  );
  return {
    scenario,
    ponKey,
    onts: all.slice(first).map((ont) => ({
      ...ont,
      description: { ...inFolder(ont, flags.state), ...(flags.diagnostic === true && { diagnostic: true }) },
    })),
  };
}

/** What ONTs come with, from a file. */
interface Running {
  version: string;
  productCode: string;
  sliceFor: (version: string, productCode: string, hardware: string) => Uint8Array;
}

function readRunning(file: string): Running {
  requireFile(file);
  const bytes = readFileSync(file);
  try {
    const { version, productCode, delta } = headerOf(bytes).manifest;
    if (delta !== undefined)
      throw new UsageError(`--runs: ${file}: is a delta from ${delta.baseVersion}; name the bundle itself`);
    return { version, productCode, sliceFor: (_version, _productCode, hardware) => sliceFor(bytes, hardware) };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new UsageError(`--runs: ${file}: no bundle: ${error.message}`);
  }
}

/** An ONT tells the version and product of what it runs. */
function withRunning<Fleet extends Scenario>(scenario: Fleet, runs: Running | undefined): Fleet {
  if (runs === undefined) return scenario;
  const { version, productCode } = runs;
  const own = productCode === "" ? { version } : { version, productCode };
  const fleet = scenario.fleet.map((group) => ({ ...group, ...own }));
  return { ...scenario, ont: { ...scenario.ont, ...own }, fleet };
}

/** A folder by serial number: the same ONT finds its flash again, whatever its number. */
const inFolder = ({ description }: FleetOnt, state: string): FleetOnt["description"] => ({
  ...description,
  stateFolder: join(resolve(state), description.serial),
});

function show(serial: string, timeNs: number, event: OntEvent, json: boolean | undefined): void {
  const seconds = timeNs / NS_PER_SECOND;
  if (json) return void print(`${JSON.stringify({ serial, seconds, ...event })}\n`);
  const text = textOf(event);
  if (text !== "") print(`${seconds.toFixed(3).padStart(9)} s  ${serial}  ${text}\n`);
}

function textOf(event: OntEvent): string {
  switch (event.type) {
    case "state":
      return event.cause === undefined ? event.state : `${event.state}: ${event.cause}`;
    case "offline":
      return `goes down (${event.reason})`;
    case "online":
      return `is up, runs image instance ${event.activeSlot}`;
    case "bootAttempt":
      return `boots image instance ${event.slot}, attempt ${event.attempt}`;
    case "bootFailed":
      return `image instance ${event.slot} ${event.how}, attempt ${event.attempt}`;
    case "fellBack":
      return `falls back from image instance ${event.from} to ${event.to}`;
    case "diagnostic":
      return `stays in diagnostic mode: ${event.cause}`;
    case "windowAccepted":
      return event.lostSections === 0 ? "" : `window ${event.window}: ${event.lostSections} sections lost and repaired`;
    case "windowRefused":
      return `window ${event.window}: ${event.missingSections} sections missing`;
    case "imageRefused":
      return `refuses the image: ${event.cause}`;
    case "imageStored":
      return `stored ${event.image.version} (${event.image.imageBytes} bytes) in image instance ${event.slot}${expiryWords(event.image.expires)}`;
    case "installRefused":
      return `refuses to ${event.when === "start" ? "begin" : "restart"}: ${event.cause}`;
    case "dropped":
      return "";
  }
}

/** The clock of an ONT is nobody's to trust: what time it is by then, the OLT has to know. */
const expiryWords = (expires: number | undefined): string =>
  expires === undefined
    ? ""
    : `; it expires ${new Date(expires * MS_PER_SECOND).toISOString()}, which an ONT without a trusted clock does not check`;

function standing({ serial, snapshot }: OntReport): string {
  const { record, activeSlot, state, cause } = snapshot;
  const version = record.slots[activeSlot]?.version ?? "nothing";
  return `${serial} ${state}${cause ? `: ${cause}` : ""}; runs ${version} from image instance ${activeSlot}, committed ${record.committed}`;
}
