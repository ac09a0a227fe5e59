/** The parameters that an update needs, of TR-181's Device:2 and of TR-106: their values, and which of them the ACS may set. */
import type { CwmpParameter, CwmpValueType } from "../../../cwmp/index.ts";
import { cwmpTime, readCwmpTime } from "../../../cwmp/index.ts";
import type { DeviceImage } from "../../store/types.ts";
import type { CpeContext } from "./context.ts";
import type { CpeRecord } from "./types.ts";
import { RETRY_MULTIPLIER, RETRY_SECONDS } from "./policy.ts";

const NS_PER_SECOND = 1e9;
export const MANAGEMENT = "Device.ManagementServer.";
export const DEVICE_INFO = "Device.DeviceInfo.";
const UNSIGNED_INT_MAX = 0xffff_ffff;

export interface Parameter {
  type: CwmpValueType;
  /** @param nowNs for what changes with time */
  read: (context: CpeContext, nowNs: number) => string;
  /** What the ACS may set. @returns why not; empty: it may */
  check?: (context: CpeContext, text: string) => string;
  /** Where it is kept, where that is not with the others. @returns what changes in the record */
  set?: (context: CpeContext, text: string) => Partial<CpeRecord>;
}

const kept =
  (name: string, first: (context: CpeContext) => string): Parameter["read"] =>
  (context) =>
    context.record.parameters[name] ?? first(context);

const textOf = (charactersMax: number) => (_context: CpeContext, text: string) =>
  text.length <= charactersMax ? "" : `longer than ${charactersMax} characters`;

const numberFrom =
  (least: number, most = UNSIGNED_INT_MAX) =>
  (_context: CpeContext, text: string) =>
    /^\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most ? "" : `not from ${least} to ${most}`;

const isFlag = (_context: CpeContext, text: string): string =>
  /^(?:0|1|true|false)$/.test(text) ? "" : "neither 0 nor 1";
const isTime = (_context: CpeContext, text: string): string =>
  readCwmpTime(text) === undefined ? "not a time of ISO 8601" : "";
const isAcsUrl = (_context: CpeContext, text: string): string =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && text.length <= 256 ? "" : "not a URL of HTTP";

const secret: Parameter["read"] = () => "";

/** Instance 1 is slot 0. */
const imageOf = ({ device }: CpeContext, instance: number): DeviceImage | null =>
  (device.runsSlot ?? 0) === instance - 1 ? device.runs : device.other;
const runningInstance = ({ device }: CpeContext): number => (device.runsSlot ?? 0) + 1;
const imagePath = (instance: number): string => `${DEVICE_INFO}FirmwareImage.${instance}.`;

function bootInstance(context: CpeContext): number {
  const { bootSha256 } = context.record;
  const running = runningInstance(context);
  return bootSha256 !== "" && bootSha256 === context.device.other?.sha256 ? 3 - running : running;
}

function imageStatus(context: CpeContext, instance: number): string {
  if (imageOf(context, instance) !== null) return "Available";
  if (instance === runningInstance(context)) return "NoImage";
  const { state } = context;
  return state === "downloading" ? "Downloading" : state === "verifying" ? "Validating" : "NoImage";
}

function imageRows(instance: number): [string, Parameter][] {
  const image = (context: CpeContext): DeviceImage | null => imageOf(context, instance);
  const row = (name: string, type: CwmpValueType, read: Parameter["read"]): [string, Parameter] => [
    `${imagePath(instance)}${name}`,
    { type, read },
  ];
  return [
    row("Name", "string", (context) => image(context)?.sha256.slice(0, 64) ?? ""),
    row("Version", "string", (context) => image(context)?.version ?? ""),
    row("Available", "boolean", (context) => (image(context) === null ? "0" : "1")),
    row("Status", "string", (context) => imageStatus(context, instance)),
    row("BootFailureLog", "string", (context) =>
      instance === runningInstance(context) ? "" : context.device.rolledBack.slice(0, 256),
    ),
  ];
}

function bootImage(context: CpeContext, text: string): string {
  const instance = [1, 2].find((each) => imagePath(each) === text || imagePath(each) === `${text}.`);
  if (instance === undefined) return "no such FirmwareImage";
  return imageOf(context, instance) === null ? "no image is there" : "";
}

const setBootImage = (context: CpeContext, text: string): Partial<CpeRecord> => {
  const isRunning = text.startsWith(imagePath(runningInstance(context)).slice(0, -1));
  return { bootSha256: isRunning ? "" : (context.device.other?.sha256 ?? "") };
};

/** Not settable. */
const fixed = (name: string, type: CwmpValueType, read: Parameter["read"]): [string, Parameter] => [
  name,
  { type, read },
];
/** Settable, and kept. */
const settable = (
  name: string,
  type: CwmpValueType,
  check: NonNullable<Parameter["check"]>,
  first: (context: CpeContext) => string,
  read: Parameter["read"] = kept(name, first),
): [string, Parameter] => [name, { type, read, check }];

export const PARAMETERS: ReadonlyMap<string, Parameter> = new Map([
  fixed("Device.RootDataModelVersion", "string", () => "2.12"),
  fixed(`${DEVICE_INFO}Manufacturer`, "string", ({ config }) => config.deviceId.manufacturer),
  fixed(`${DEVICE_INFO}ManufacturerOUI`, "string", ({ config }) => config.deviceId.oui),
  fixed(`${DEVICE_INFO}ProductClass`, "string", ({ config }) => config.deviceId.productClass),
  fixed(`${DEVICE_INFO}SerialNumber`, "string", ({ config }) => config.deviceId.serialNumber),
  fixed(`${DEVICE_INFO}HardwareVersion`, "string", ({ config }) => config.hardwareVersion),
  fixed(`${DEVICE_INFO}SoftwareVersion`, "string", ({ device }) => device.runs?.version ?? ""),
  settable(`${DEVICE_INFO}ProvisioningCode`, "string", textOf(64), () => ""),
  fixed(`${DEVICE_INFO}UpTime`, "unsignedInt", ({ powerOnNs }, nowNs) =>
    String(Math.floor((nowNs - powerOnNs) / NS_PER_SECOND)),
  ),
  fixed(`${DEVICE_INFO}ActiveFirmwareImage`, "string", (context) => imagePath(runningInstance(context))),
  [
    `${DEVICE_INFO}BootFirmwareImage`,
    {
      type: "string",
      read: (context) => imagePath(bootInstance(context)),
      check: bootImage,
      set: setBootImage,
    },
  ],
  fixed(`${DEVICE_INFO}FirmwareImageNumberOfEntries`, "unsignedInt", () => "2"),
  ...imageRows(1),
  ...imageRows(2),
  settable(`${MANAGEMENT}URL`, "string", isAcsUrl, ({ config }) => config.acsUrl),
  settable(`${MANAGEMENT}Username`, "string", textOf(256), ({ config }) => config.acsUsername),
  settable(`${MANAGEMENT}Password`, "string", textOf(256), ({ config }) => config.acsPassword, secret),
  settable(`${MANAGEMENT}PeriodicInformEnable`, "boolean", isFlag, ({ config }) =>
    config.periodicInformSeconds > 0 ? "1" : "0",
  ),
  settable(`${MANAGEMENT}PeriodicInformInterval`, "unsignedInt", numberFrom(1), ({ config }) =>
    String(Math.max(1, config.periodicInformSeconds)),
  ),
  settable(`${MANAGEMENT}PeriodicInformTime`, "dateTime", isTime, () => cwmpTime("unknown")),
  fixed(`${MANAGEMENT}ParameterKey`, "string", ({ record }) => record.parameterKey),
  fixed(`${MANAGEMENT}ConnectionRequestURL`, "string", ({ config }) => config.connectionRequestUrl),
  settable(
    `${MANAGEMENT}ConnectionRequestUsername`,
    "string",
    textOf(256),
    ({ config }) => config.connectionRequestUsername,
  ),
  settable(
    `${MANAGEMENT}ConnectionRequestPassword`,
    "string",
    textOf(256),
    ({ config }) => config.connectionRequestPassword,
    secret,
  ),
  settable(`${MANAGEMENT}CWMPRetryMinimumWaitInterval`, "unsignedInt", numberFrom(1, 65_535), () =>
    String(RETRY_SECONDS),
  ),
  settable(`${MANAGEMENT}CWMPRetryIntervalMultiplier`, "unsignedInt", numberFrom(1000, 65_535), () =>
    String(RETRY_MULTIPLIER),
  ),
  settable(`${MANAGEMENT}AutonomousTransferCompletePolicy.Enable`, "boolean", isFlag, () => "0"),
]);

/** Parameters of a path: itself, or all below a partial path; empty: everything. */
export function parametersBelow(path: string): string[] {
  if (path === "") return [...PARAMETERS.keys()];
  if (!path.endsWith(".")) return PARAMETERS.has(path) ? [path] : [];
  return [...PARAMETERS.keys()].filter((name) => name.startsWith(path));
}

/** In every Inform (TR-181, "forced inform"). */
const FORCED: readonly string[] = [
  "Device.RootDataModelVersion",
  `${DEVICE_INFO}HardwareVersion`,
  `${DEVICE_INFO}SoftwareVersion`,
  `${DEVICE_INFO}ProvisioningCode`,
  `${MANAGEMENT}ParameterKey`,
  `${MANAGEMENT}ConnectionRequestURL`,
];

export function parameterOf(context: CpeContext, nowNs: number, name: string): CwmpParameter {
  const { type, read } = PARAMETERS.get(name)!;
  return { name, value: { type, text: read(context, nowNs) } };
}

/** @param changed those that the ACS wants to hear of; some are told always */
export const informParameters = (
  context: CpeContext,
  nowNs: number,
  changed: readonly CwmpParameter[],
): CwmpParameter[] => [
  ...FORCED.map((name) => parameterOf(context, nowNs, name)),
  ...changed.filter(({ name }) => !FORCED.includes(name)),
];

/** The value itself, secrets too; for what the CPE does with it. */
export function valueOf(context: CpeContext, name: string): string {
  const set = context.record.parameters[name];
  if (set !== undefined) return set;
  const { config } = context;
  if (name === `${MANAGEMENT}Password`) return config.acsPassword;
  if (name === `${MANAGEMENT}ConnectionRequestPassword`) return config.connectionRequestPassword;
  return PARAMETERS.get(name)?.read(context, 0) ?? "";
}

export const flagOf = (context: CpeContext, name: string): boolean => /^(?:1|true)$/.test(valueOf(context, name));

export const retryParameters = (context: CpeContext): { minimumSeconds: number; multiplier: number } => ({
  minimumSeconds: Number(valueOf(context, `${MANAGEMENT}CWMPRetryMinimumWaitInterval`)),
  multiplier: Number(valueOf(context, `${MANAGEMENT}CWMPRetryIntervalMultiplier`)),
});

/** Infinity: it is off. */
export const periodicSeconds = (context: CpeContext): number =>
  flagOf(context, `${MANAGEMENT}PeriodicInformEnable`)
    ? Number(valueOf(context, `${MANAGEMENT}PeriodicInformInterval`))
    : Infinity;
