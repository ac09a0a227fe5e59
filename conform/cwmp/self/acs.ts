/** Our own ACS, as a server on a port of this machine, for as long as its cases take. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deviceName, serveAcs } from "../../../headend/acs/index.ts";
import type { AcsWay, CwmpTarget, HttpAnswer, TesterCredentials, TesterRequest } from "../core/types.ts";
import { AcsHost } from "../core/index.ts";
import { acsClientTarget } from "../targets/index.ts";
import { ACS_FLAWS, type AcsFlaw } from "./acs-flaws.ts";

const LOOPBACK = "127.0.0.1";
/** What the CPE that tests it shows. */
export const SELF_CPE: TesterCredentials = { username: "conform", password: "secret" };
const REAL_TIME = 1;

/** It asks each CPE something, so that there is something to answer. */
export const selfAcsTarget = (flaw: AcsFlaw = ACS_FLAWS[0]!): CwmpTarget<AcsWay> => {
  const target = acsClientTarget(flaw.name === "reference" ? "self" : `self (${flaw.name})`, async () => {
    const stateFolder = mkdtempSync(join(tmpdir(), "poncast-conform-acs-"));
    const server = await serveAcs({
      host: LOOPBACK,
      port: 0,
      files: [],
      stateFolder,
      token: "of nobody else",
      credentials: new Map([[SELF_CPE.username, SELF_CPE.password]]),
      config: {
        setsConnectionRequest: true,
        firstTasks: [
          { method: "GetRPCMethods" },
          { method: "GetParameterValues", names: ["Device.DeviceInfo.SoftwareVersion"] },
        ],
      },
    });
    return {
      url: server.acsUrl,
      timeScale: REAL_TIME,
      connect: async (device) => void (await server.connect(deviceName(device))),
      doorHost: LOOPBACK,
      onClose: async () => {
        await server.close();
        rmSync(stateFolder, { recursive: true, force: true });
      },
    };
  });
  const { change } = flaw;
  if (change === undefined) return target;
  return {
    ...target,
    open: async () => {
      const way = await target.open();
      const ask = way.request.bind(way);
      way.request = async (request: TesterRequest): Promise<HttpAnswer> => {
        const answer = await ask(request);
        return answer.ok ? change(request, answer) : answer;
      };
      return way;
    },
  };
};

export const selfAcsHost = (flaw?: AcsFlaw): AcsHost =>
  new AcsHost({
    target: selfAcsTarget(flaw),
    credentials: SELF_CPE,
    oui: "00D09E",
    productClass: "ONT",
    serialNumber: "CONFORM",
    isNewEachCase: true,
  });
