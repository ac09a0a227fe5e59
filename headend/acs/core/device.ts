/** What an Inform says of a device. */
import type { CwmpDeviceId, CwmpEnvelope, CwmpMessageOf, CwmpParameter } from "../../../cwmp/index.ts";
import type { AcsFacts } from "./types.ts";

/** All but letters, digits and _ are written as %hh (TR-069, 3.4.4). */
const escape = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /\w/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");

/** Its name here; a product class that is empty is left out. */
export const deviceName = ({ oui, productClass, serialNumber }: CwmpDeviceId): string =>
  [oui, ...(productClass === "" ? [] : [productClass]), serialNumber].map(escape).join("-");

const SHA256 = /^[0-9a-f]{64}$/i;
/** A root that is none of the two would be put into names of parameters. */
const ROOT = /^(?:Device|InternetGatewayDevice)$/;

/** What the parameters of an Inform say; what is not among them stays as it was. */
export function factsOf(
  { version: cwmp, message }: CwmpEnvelope & { message: CwmpMessageOf<"Inform"> },
  before: AcsFacts | undefined,
): AcsFacts {
  const { parameters, deviceId, events } = message;
  const valueOf = (suffix: string): string | undefined =>
    parameters.find(({ name }) => name.endsWith(`.${suffix}`))?.value.text;
  const root = parameters.map(({ name }) => name.split(".", 1)[0]).find((name) => ROOT.test(name));
  const version = valueOf("DeviceInfo.SoftwareVersion") ?? before?.version ?? "";
  // After a restart it may be another image of the same version.
  const isSame = before?.version === version && !events.some(({ eventCode }) => eventCode === "1 BOOT");
  const imageSha256 = isSame ? before.imageSha256 : undefined;
  return {
    productCode: deviceId.productClass,
    hardware: valueOf("DeviceInfo.HardwareVersion") ?? before?.hardware ?? "",
    version,
    ...(imageSha256 !== undefined && { imageSha256 }),
    root: root ?? before?.root ?? "Device",
    connectionRequestUrl: valueOf("ManagementServer.ConnectionRequestURL") ?? before?.connectionRequestUrl ?? "",
    cwmp,
  };
}

/** What to ask for, to learn which image runs: the table of images is TR-181's. */
export const hashNames = ({ root }: AcsFacts): string[] => [
  `${root}.DeviceInfo.ActiveFirmwareImage`,
  `${root}.DeviceInfo.FirmwareImage.`,
];

/** Devices of ours call an image by its SHA-256; others call it what they like. @returns undefined: it is not said */
export function hashIn(parameters: readonly CwmpParameter[]): string | undefined {
  const valueOf = (name: string): string | undefined => parameters.find((each) => each.name === name)?.value.text;
  const active = parameters.find(({ name }) => name.endsWith(".DeviceInfo.ActiveFirmwareImage"))?.value.text;
  if (active === undefined) return undefined;
  const hash = valueOf(`${active.replace(/\.$/, "")}.Name`);
  return hash !== undefined && SHA256.test(hash) ? hash.toLowerCase() : undefined;
}

/** 2 of 1.2. */
export const minorOf = ({ cwmp }: AcsFacts): number => Number(cwmp.split(".")[1]);
