/** `--control <host:port>`: opens a run's control, and tells how to get in. */
import { type ControlServer, serveControl } from "../run/control/index.ts";
import { UsageError } from "./errors.ts";
import { parseAddress } from "./units.ts";

/** @throws UsageError when the address cannot be had */
export async function openControl(option: string | undefined): Promise<ControlServer | undefined> {
  if (option === undefined) return undefined;
  const { host: named, port } = parseAddress("--control", option);
  const host = named.replace(/^\[|\]$/g, "");
  try {
    const control = await serveControl(host, port);
    process.stderr.write(`control: http://${control.address}, token ${control.token}\n`);
    return control;
  } catch (error) {
    throw new UsageError(`--control ${option}: ${(error as Error).message}`);
  }
}
