/** `poncast ont --boot-loader`: where tools reach the boot loaders of these ONTs. */
import { placedLater } from "../../base/errors/index.ts";
import { readRecoveryAddress, RECOVERY_ADDRESSES } from "../../base/recovery/index.ts";
import { plural } from "../../base/text/index.ts";
import { BOOT_ATTEMPTS_MAX, IMAGE_BYTES_MAX } from "../../ont/index.ts";
import type { OntProcess } from "../../ont/process/index.ts";
import type { LoaderFacts } from "../../ont/recovery/index.ts";
import type { RecoveryAddresses } from "../../ont/recovery/process/index.ts";
import { UsageError } from "../errors.ts";
import { tell } from "../print.ts";

/** What a boot loader has memory for. */
const DOWNLOAD_BYTES_MAX = 64 * 1024 * 1024;

/** Of the first ONT; those of the others are on the ports behind. @throws UsageError */
export function recoveryAddressesOf(texts: readonly string[], onts: number): RecoveryAddresses {
  const addresses: RecoveryAddresses = {};
  for (const text of texts) {
    const address = readRecoveryAddress(text);
    if (address === undefined) throw new UsageError(`--boot-loader: ${text} is no address; ${RECOVERY_ADDRESSES}`);
    const name = address.kind === "ymodem" ? "console" : address.kind;
    if (addresses[name] !== undefined)
      throw new UsageError(`--boot-loader: ${text}: there is one for ${address.kind} already`);
    if ("path" in address && onts > 1)
      throw new UsageError(`--boot-loader: ${text}: a tty is for one ONT, not for ${plural(onts, "ONT")}`);
    if (address.kind === "ymodem") addresses.console = address;
    else addresses[address.kind] = address;
  }
  return addresses;
}

/** Opens them. @throws InputError when a port is in use */
export async function serveRecovery(
  running: OntProcess,
  addresses: RecoveryAddresses,
  factsOf: (index: number) => Pick<LoaderFacts, "serial" | "productCode" | "hardwareVersion">,
): Promise<void> {
  const { RecoveryServices } = await import("../../ont/recovery/process/index.ts");
  const epochNs = process.hrtime.bigint();
  const nowNs = (): number => Number(process.hrtime.bigint() - epochNs);
  const opening: Promise<void>[] = [];
  running.attachRecovery((serial, index, port) => {
    const limits = {
      downloadBytesMax: DOWNLOAD_BYTES_MAX,
      slotBytes: IMAGE_BYTES_MAX,
      bootAttemptsMax: BOOT_ATTEMPTS_MAX,
    };
    const services = new RecoveryServices({ ...factsOf(index), ...limits }, port);
    const open = async (): Promise<void> => {
      await services.open(behind(addresses, index), nowNs);
      const { fastboot, tftp, console } = services.ports;
      const all = [
        ...(fastboot > 0 ? [`fastboot ${fastboot}`] : []),
        ...(tftp > 0 ? [`TFTP ${tftp}`] : []),
        ...(console > 0 ? [`console ${console}`] : []),
      ];
      tell(`${serial} can be recovered: ${all.length > 0 ? `ports ${all.join(", ")}` : "console on its tty"}\n`);
    };
    opening.push(placedLater("--boot-loader", open));
    return services;
  });
  await Promise.all(opening);
}

/** Each ONT has its ports behind those of the one before; 0 stays any. */
function behind({ fastboot, tftp, console }: RecoveryAddresses, index: number): RecoveryAddresses {
  const next = ({ host, port }: { host: string; port: number }) => ({ host, port: port === 0 ? 0 : port + index });
  return {
    ...(fastboot && { fastboot: next(fastboot) }),
    ...(tftp && { tftp: next(tftp) }),
    ...(console && { console: "path" in console ? console : next(console) }),
  };
}
