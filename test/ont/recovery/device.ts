/** A device to recover, in real time on this machine: its boot loader on ports of its own. Its power may be cut. */
import {} from "node:fs";
import { DeadlineTimer, startClock } from "../../../base/clock/index.ts";
import type { OntConfig } from "../../../ont/index.ts";
import { type RecoveryAddresses, RecoveryServices } from "../../../ont/recovery/process/index.ts";
import { FACTS, RecoveryBench } from "./bench.ts";
import { removeFolder } from "../../support/folder.ts";

const nowNs = startClock(process.hrtime.bigint());
const LOOPBACK = { host: "127.0.0.1", port: 0 };

export class RecoveryDevice {
  readonly folder: string;
  readonly #change: Partial<OntConfig>;
  readonly #timer: DeadlineTimer;
  bench: RecoveryBench;
  services: RecoveryServices;
  #ports = { fastboot: 0, tftp: 0, console: 0 };

  private constructor(folder: string, change: Partial<OntConfig>) {
    this.folder = folder;
    this.#change = change;
    this.#timer = new DeadlineTimer(nowNs, () => this.bench.handleTimeout(nowNs()));
    this.bench = this.#powerOn();
    this.services = this.#attach();
  }

  static async on(folder: string, change: Partial<OntConfig> = {}): Promise<RecoveryDevice> {
    const device = new RecoveryDevice(folder, change);
    await device.#open();
    return device;
  }

  #powerOn(): RecoveryBench {
    const bench = new RecoveryBench(this.folder, this.#change, undefined, nowNs);
    bench.onTurn = (nextNs) => this.#timer.wakeBy(nextNs);
    this.#timer.wakeBy(nowNs());
    return bench;
  }

  #attach(): RecoveryServices {
    const services = new RecoveryServices(FACTS, this.bench.port);
    this.bench.attached = services;
    return services;
  }

  async #open(): Promise<void> {
    const { fastboot, tftp, console } = this.#ports;
    const addresses: RecoveryAddresses = {
      fastboot: { ...LOOPBACK, port: fastboot },
      tftp: { ...LOOPBACK, port: tftp },
      console: { ...LOOPBACK, port: console },
    };
    await this.services.open(addresses, nowNs);
    this.#ports = this.services.ports;
  }

  get ports(): { fastboot: number; tftp: number; console: number } {
    return this.#ports;
  }

  /** Power off and on: what was in memory is gone. */
  async powerCycle(): Promise<void> {
    this.services.close();
    this.bench.store.close();
    this.bench = this.#powerOn();
    this.services = this.#attach();
    await this.#open();
  }

  off(): void {
    this.#timer.stop();
    this.services.close();
    this.bench.store.close();
    removeFolder(this.folder);
  }
}
