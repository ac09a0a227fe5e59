/** The roads of one ONT beside OMCI through all its boots: lives of an agent and a CPE, with one image store between them. */
import { join } from "node:path";
import { systemClock } from "../../../base/clock/index.ts";
import type { StapledAgent } from "../../../base/tls/index.ts";
import { createStream } from "../../../pon/index.ts";
import { agentConfigOf } from "../../agent/device-config.ts";
import { AgentDriver } from "../../agent/process/driver.ts";
import { cpeConfigOf } from "../../cpe/device-config.ts";
import type { ConnectionRequestDoor } from "../../cpe/process/connection-requests.ts";
import { CpeDriver } from "../../cpe/process/driver.ts";
import type { OntDescription } from "../../process/protocol.ts";
import { stapledAgent } from "../../road/process/tls.ts";
import { type OntImageStore, SharedStore } from "../../store/index.ts";
import type { OwnRoads, RoadsEvent, RoadsProcessConfig, RoadsSnapshot } from "./protocol.ts";

const AGENT_RECORD_FILE = "agent.json";
const CPE_RECORD_FILE = "cpe.json";

export interface OntRoadsLinks {
  tell(serial: string, timeNs: number, event: RoadsEvent, progress: RoadsSnapshot): void;
  /** Its storage is broken: the process ends. */
  onFailure(error: unknown): void;
}

interface Life {
  snapshot(): RoadsSnapshot;
  close(): void;
}

export class OntRoads {
  readonly serial: string;
  readonly #ont: OntDescription;
  readonly #own: OwnRoads;
  readonly #config: RoadsProcessConfig;
  readonly #links: OntRoadsLinks;
  readonly #door: ConnectionRequestDoor | undefined;
  readonly #nowNs: () => number;
  readonly #tls: readonly [https: StapledAgent | undefined, cwmp: StapledAgent | undefined];
  #lives: readonly Life[] = [];

  /** @param door where its CPE takes connection requests */
  constructor(
    ont: OntDescription,
    config: RoadsProcessConfig,
    door: ConnectionRequestDoor | undefined,
    links: OntRoadsLinks,
  ) {
    const { depot, acs } = config;
    this.serial = ont.serial;
    this.#ont = ont;
    this.#own = config.roads[ont.serial] ?? {};
    this.#config = config;
    this.#links = links;
    this.#door = door;
    this.#nowNs = systemClock(config.epochNs);
    this.#tls = [depot && stapledAgent(depot.trusted), acs && stapledAgent(acs.trusted)];
  }

  /** It has booted. @returns what ends it when it goes down */
  boot(store: OntImageStore): { close(): void } {
    const shared = new SharedStore(store);
    const lives = [this.#https(shared), this.#cwmp(shared)].filter((life) => life !== undefined);
    this.#lives = lives;
    return {
      close: () => {
        this.#lives = [];
        for (const life of lives) life.close();
      },
    };
  }

  /** Of roads that run. */
  snapshots(): RoadsSnapshot[] {
    return this.#lives.map((life) => life.snapshot());
  }

  close(): void {
    for (const tls of this.#tls) tls?.destroy();
  }

  #https(shared: SharedStore): Life | undefined {
    const { depot, seed } = this.#config;
    const { https: agent } = this.#own;
    if (agent === undefined || depot === undefined) return undefined;
    const chance = createStream(seed, `ont/${this.serial}/agent`);
    return this.#life((tell) => {
      const driver = new AgentDriver(agentConfigOf(agent.facts, depot.origin, agent.token, chance), {
        ...this.#common(shared, AGENT_RECORD_FILE),
        agent: this.#tls[0]!,
        onEvent: (timeNs, event) => tell(timeNs, { road: "https", event }),
      });
      return { snapshot: () => ({ road: "https", progress: driver.snapshot() }), close: () => driver.close() };
    });
  }

  #cwmp(shared: SharedStore): Life | undefined {
    const { acs, seed } = this.#config;
    const { cwmp: facts } = this.#own;
    const door = this.#door;
    if (facts === undefined || acs === undefined || door === undefined) return undefined;
    const chance = createStream(seed, `ont/${this.serial}/cpe`);
    return this.#life((tell) => {
      const driver = new CpeDriver(cpeConfigOf(facts, acs.acsUrl, door.url, chance), {
        ...this.#common(shared, CPE_RECORD_FILE),
        agent: this.#tls[1]!,
        onEvent: (timeNs, event) => tell(timeNs, { road: "cwmp", event }),
      });
      door.serve(
        (username) => driver.connectionRequestPassword(username),
        () => driver.handleConnectionRequest(),
      );
      return { snapshot: () => ({ road: "cwmp", progress: driver.snapshot() }), close: () => driver.close() };
    });
  }

  #common(shared: SharedStore, recordFile: string) {
    return {
      nowNs: this.#nowNs,
      store: shared.road(),
      recordFile: join(this.#ont.stateFolder, recordFile),
      durability: this.#config.durability,
      onFailure: (error: unknown) => this.#links.onFailure(error),
    };
  }

  /** It tells of its start before there is a name for it. */
  #life(start: (tell: (timeNs: number, event: RoadsEvent) => void) => Life): Life {
    let life: Life | undefined;
    const told = (timeNs: number, event: RoadsEvent): void => {
      if (life !== undefined) this.#links.tell(this.serial, timeNs, event, life.snapshot());
    };
    const started = start((timeNs, event) => {
      if (life !== undefined) return told(timeNs, event);
      setImmediate(() => life && this.#lives.includes(life) && told(timeNs, event));
    });
    life = started;
    return started;
  }
}
