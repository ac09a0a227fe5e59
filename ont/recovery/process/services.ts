/** What serves the boot loader of one ONT: fastboot, TFTP and a console, each where it is asked for. */
import type { LocalAnswer } from "../../core/local-types.ts";
import type { OntEvent } from "../../core/types.ts";
import { Loader } from "../core/loader.ts";
import type { AttachedRecovery, LoaderFacts, LoaderPort } from "../core/types.ts";
import { type ConsoleAddress, ConsoleLine } from "./console-line.ts";
import { FastbootServer } from "./fastboot-server.ts";
import { TftpServer } from "./tftp-server.ts";

export interface RecoveryAddresses {
  fastboot?: { host: string; port: number };
  tftp?: { host: string; port: number };
  console?: ConsoleAddress;
}

export class RecoveryServices implements AttachedRecovery {
  readonly #loader: Loader;
  #fastboot: FastbootServer | undefined;
  #tftp: TftpServer | undefined;
  #console: ConsoleLine | undefined;
  #isClosed = false;

  constructor(facts: LoaderFacts, port: LoaderPort) {
    this.#loader = new Loader(facts, port);
  }

  /** @throws Error of the system: an address cannot be used; what was opened is closed again */
  async open(addresses: RecoveryAddresses, nowNs: () => number): Promise<void> {
    const { fastboot, tftp, console } = addresses;
    try {
      if (fastboot) this.#fastboot = await FastbootServer.open(this.#loader, fastboot.host, fastboot.port);
      if (tftp) this.#tftp = await TftpServer.open(this.#loader, tftp.host, tftp.port, nowNs);
      if (console) this.#console = await ConsoleLine.open(this.#loader, console, nowNs);
    } catch (error) {
      this.close();
      throw error;
    }
    // The power went meanwhile.
    if (this.#isClosed) this.#closeAll();
  }

  /** Where they listen; 0: nowhere. */
  get ports(): { fastboot: number; tftp: number; console: number } {
    return {
      fastboot: this.#fastboot?.port ?? 0,
      tftp: this.#tftp?.port ?? 0,
      console: this.#console?.port ?? 0,
    };
  }

  answer(answer: LocalAnswer): void {
    this.#loader.answer(answer);
  }

  event(event: OntEvent): void {
    const say = (text: string): void => this.#console?.session.say(text);
    switch (event.type) {
      case "diagnostic":
        this.#clear();
        return say(`boot loader stays in diagnostic mode: ${event.cause}`);
      case "bootAttempt":
        this.#clear();
        return say(`booting slot ${"ab"[event.slot]}, attempt ${event.attempt}`);
      case "bootFailed":
        return say(`slot ${"ab"[event.slot]} ${event.how}`);
      case "online":
        return say(`up in slot ${"ab"[event.activeSlot]}, version ${this.#version(event.activeSlot)}`);
      case "state":
      case "offline":
      case "fellBack":
      case "windowAccepted":
      case "windowRefused":
      case "imageRefused":
      case "imageStored":
      case "installRefused":
      case "dropped":
        return;
    }
  }

  #version(slot: 0 | 1): string {
    return this.#loader.port.snapshot().record.slots[slot]?.version ?? "unknown";
  }

  /** A restart: what was under way is nobody's any more. */
  #clear(): void {
    this.#loader.clear();
    this.#tftp?.clear();
    this.#console?.session.clear();
  }

  close(): void {
    this.#isClosed = true;
    this.#closeAll();
  }

  #closeAll(): void {
    this.#fastboot?.close();
    this.#tftp?.close();
    this.#console?.close();
    this.#fastboot = undefined;
    this.#tftp = undefined;
    this.#console = undefined;
  }
}
