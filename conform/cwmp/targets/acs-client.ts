/** The way to somebody else's ACS: requests of a CPE that we play, and the door at which it may ask us for a session. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { CwmpDeviceId } from "../../../cwmp/index.ts";
import type { AcsWay, CwmpTarget, HttpAnswer, HttpAsk, TesterRequest } from "../core/types.ts";
import { RealTester } from "./real-time.ts";
import { Connections } from "./request.ts";
import { askListener } from "./server.ts";

export interface AcsClientOptions {
  url: string;
  timeScale: number;
  /** PEM of who issues its certificate; absent: who the system trusts. */
  ca?: string;
  /** Has the ACS ask a device for a session. */
  connect?: (device: CwmpDeviceId) => Promise<void>;
  /** Where connection requests are waited for; absent: nowhere. */
  doorHost?: string;
  onClose?: () => Promise<void>;
}

export const acsClientTarget = (name: string, open: () => Promise<AcsClientOptions>): CwmpTarget<AcsWay> => ({
  name,
  isFreshEachCase: false,
  open: async () => AcsClient.open(await open()),
});

class AcsClient extends RealTester implements AcsWay {
  readonly name = "acs";
  readonly url: string;
  readonly connect?: (device: CwmpDeviceId) => Promise<void>;
  readonly doorUrl?: string;
  onAsk: (ask: HttpAsk) => void = () => undefined;
  readonly #connections: Connections;
  readonly #door: Server | undefined;
  readonly #onClose: (() => Promise<void>) | undefined;

  private constructor({ url, timeScale, ca, connect, onClose }: AcsClientOptions, door: Server | undefined) {
    super(timeScale);
    this.url = url;
    this.#connections = new Connections(ca);
    this.#onClose = onClose;
    this.#door = door;
    if (connect !== undefined) this.connect = connect;
    if (door !== undefined) {
      const { address, port } = door.address() as AddressInfo;
      this.doorUrl = `http://${address.includes(":") ? `[${address}]` : address}:${port}/conform`;
    }
  }

  static async open(options: AcsClientOptions): Promise<AcsClient> {
    const { doorHost } = options;
    if (doorHost === undefined) return new AcsClient(options, undefined);
    let client: AcsClient | undefined;
    const door = createServer(askListener(false, (ask) => client?.heard(ask)));
    await new Promise<void>((resolve, reject) => {
      door.once("error", reject);
      door.listen(0, doorHost, resolve);
    });
    client = new AcsClient(options, door);
    return client;
  }

  heard(ask: HttpAsk): void {
    this.onAsk(ask);
    this.wake();
  }

  request(request: TesterRequest): Promise<HttpAnswer> {
    return this.#connections.request(request);
  }

  async close(): Promise<void> {
    this.#connections.close();
    this.#door?.closeAllConnections();
    if (this.#door !== undefined) await new Promise((done) => this.#door!.close(done));
    await this.#onClose?.();
  }
}
