/** What the steps of a case can do with an ACS: sessions of a CPE that we play. */
import { CWMP_EVENTS, type CwmpMessageOf } from "../../../../cwmp/index.ts";
import { CannotTest } from "../../../core/index.ts";
import type { CwmpPrecondition } from "../case.ts";
import { HttpLog } from "../log.ts";
import type { AcsWay, TesterCredentials } from "../types.ts";
import { AcsDialogue } from "./dialogue.ts";

export interface AcsTesterOptions {
  way: AcsWay;
  credentials: TesterCredentials | undefined;
  oui: string;
  productClass: string;
  serialNumber: string;
}

type Inform = CwmpMessageOf<"Inform">;

export class AcsTester {
  readonly way: AcsWay;
  readonly log = new HttpLog();
  readonly credentials: TesterCredentials | undefined;
  readonly #deviceId: Inform["deviceId"];
  #connections = 0;
  readonly #id: string;

  constructor({ way, credentials, oui, productClass, serialNumber }: AcsTesterOptions, id: string) {
    this.way = way;
    this.credentials = credentials;
    this.#deviceId = { manufacturer: "poncast", oui, productClass, serialNumber };
    this.#id = id;
  }

  /** A session on a connection of its own. */
  session(credentials = this.credentials): AcsDialogue {
    return new AcsDialogue(this.way, this.log, `${this.#id}-${++this.#connections}`, credentials);
  }

  inform(change: Partial<Inform> = {}): Inform {
    return {
      method: "Inform",
      deviceId: this.#deviceId,
      events: [{ eventCode: CWMP_EVENTS.periodic, commandKey: "" }],
      maxEnvelopes: 1,
      currentTime: Math.round(this.way.epochMs + this.way.nowNs() / 1e6),
      retryCount: 0,
      parameters: this.parameters(),
      ...change,
    };
  }

  /** Those of every Inform. */
  parameters(): Inform["parameters"] {
    const values = [
      ["RootDataModelVersion", "2.12"],
      ["DeviceInfo.HardwareVersion", "HW-1"],
      ["DeviceInfo.SoftwareVersion", "1.0.0"],
      ["DeviceInfo.ProvisioningCode", ""],
      ["ManagementServer.ParameterKey", ""],
      ["ManagementServer.ConnectionRequestURL", this.way.doorUrl ?? "http://192.0.2.7:7547/conform"],
    ];
    return values.map(([name, text]) => ({ name: `Device.${name}`, value: { type: "string", text: text! } }));
  }

  /** A session, its Inform answered. */
  async informed(change: Partial<Inform> = {}): Promise<AcsDialogue> {
    const session = this.session();
    await session.ask(this.inform(change), "InformResponse");
    return session;
  }

  /** The ACS is there, and answers as before. */
  async alive(): Promise<void> {
    const session = await this.informed();
    await session.finish();
  }

  async prepare(preconditions: readonly CwmpPrecondition[]): Promise<void> {
    if (preconditions.includes("password") && this.credentials === undefined)
      throw new CannotTest("name and password of the CPE are not known: --username, --password");
    if (preconditions.includes("caller") && (this.way.connect === undefined || this.way.doorUrl === undefined))
      throw new CannotTest("nobody can have the ACS ask for a session");
    await Promise.resolve();
  }
}
