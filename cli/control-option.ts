/** `--control <host:port>`: a run's control, open as long as the run goes on, and how to get in. */
import { type ControlServer, serveControl } from "../run/control/index.ts";
import { systemWords } from "../base/errors/index.ts";
import { UsageError } from "./errors.ts";
import { parseAddress } from "./units.ts";
import { tell } from "./print.ts";

/**
 * Does the work with the control that the option asks for: opened before it begins, closed however it ends.
 *
 * @throws UsageError when the address cannot be had; nothing has begun then
 */
export async function underControl<Result>(
  option: string | undefined,
  work: (control: ControlServer | undefined) => Promise<Result>,
): Promise<Result> {
  const control = option === undefined ? undefined : await openControl(option);
  try {
    return await work(control);
  } finally {
    await control?.close();
  }
}

async function openControl(option: string): Promise<ControlServer> {
  const { host, port } = parseAddress("--control", option);
  try {
    const control = await serveControl(host, port);
    tell(`control: http://${control.address}, token ${control.token}\n`);
    return control;
  } catch (error) {
    throw new UsageError(`--control ${option}: ${systemWords(error as Error)}`);
  }
}
