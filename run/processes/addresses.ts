/** Whether a run in processes can have its interface, ports and way to receive: asked before anything is started. */
import { createServer } from "node:net";
import { systemWords } from "../../base/errors/index.ts";
import { refuseUnusableWay, resolveInterface } from "../../pon/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { RunInputError } from "../errors.ts";
import type { RunOptions } from "../types.ts";
import { metricsOf } from "./plan.ts";

const PORT_LAST = 65_535;

/** @throws RunInputError, NetworkError: in one line, what there is not or who has it */
export async function refuseUnusableAddresses({ pon, pons }: Scenario, { metrics, hosts }: RunOptions): Promise<void> {
  const host = resolveInterface(pon.interface);
  await refuseUnusableWay();
  if (hosts !== undefined) await refuseTaken({ host, port: hosts.port }, "--join-port");
  if (metrics === undefined) return;
  for (let port = 0; port < pons; port++) await refuseTaken(metricsOf(metrics, port)!, "metrics");
}

async function refuseTaken({ host, port }: NonNullable<RunOptions["metrics"]>, what: string): Promise<void> {
  if (port > PORT_LAST)
    throw new RunInputError(`metrics on ${host}: each port has its own, and there is no TCP port ${port}`);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new RunInputError(`${what} on ${host}:${port}: ${systemWords(error)}`)));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
