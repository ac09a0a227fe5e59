/** One ONT in a search: its core, its flash, its power, looked at by the rules after whatever happens to it. */
import { type OntEvent, type OntSinks, turnOnt } from "../../ont/index.ts";
import type { VirtualOnt } from "../../run/virtual/index.ts";
import type { ImageChecks } from "../rules/index.ts";
import { EPOCH_NS } from "./digest.ts";
import { DARK, LIGHT } from "./messages.ts";
import { argumentOf, type Durations, type Facts, INPUT, kindOf, type Party, type Sent } from "./party.ts";
import { FLASH_NS_MAX, OFF_NS, type World } from "./world.ts";

/** What a cut leaves of an operation under way. */
const SHARES = { [INPUT.cutBefore]: 0, [INPUT.cutTorn]: 0.5, [INPUT.cutAfter]: 1 } as const;

export class OntParty implements Party {
  readonly #world: World;
  readonly #durations: Durations;
  readonly #checks: ImageChecks;
  readonly #ont: VirtualOnt;
  #nowNs = EPOCH_NS;
  /** When the power is back; Infinity while it is there. */
  #onNs = Infinity;
  #dueNs = Infinity;
  /** The OLT has been told of its light, and not yet of its end. */
  #isLit = false;
  #sent: Sent[] = [];
  readonly #sinks: OntSinks;

  constructor(world: World, durations: Durations, checks: ImageChecks, index: number) {
    this.#world = world;
    this.#durations = durations;
    this.#checks = checks;
    this.#ont = world.createOnt(index);
    const ont = this.#ont;
    this.#sinks = {
      name: `ONT ${index}`,
      takesFlash: true,
      frame: (bytes, lengthBytes) => {
        if (ont.onuId >= 0) this.#send(world.messages.frame("omcc", bytes.subarray(0, lengthBytes)));
      },
      flash: (nowNs, operation) => {
        if (ont.flashJobs.length === 0) ont.flashBeganNs = nowNs;
        ont.flashJobs.push(ont.flash.accept(operation));
      },
      event: (nowNs, event) => this.#event(nowNs, event),
    };
    ont.powerOn(this.#nowNs);
    this.#turn();
  }

  apply(input: number): void {
    const kind = kindOf(input);
    const ont = this.#ont;
    switch (kind) {
      case INPUT.wait:
        this.#nowNs += this.#durations.get(argumentOf(input));
        return;
      case INPUT.message:
        this.#receive(argumentOf(input));
        break;
      case INPUT.timer:
        if (ont.core === null) this.#powerOn();
        else ont.core.handleTimeout(this.#nowNs);
        break;
      case INPUT.flash:
        this.#flashDone();
        break;
      case INPUT.cutBefore:
      case INPUT.cutTorn:
      case INPUT.cutAfter:
        this.#cut(SHARES[kind]);
        break;
      default:
        throw new Error(`an ONT knows no input ${kind}`);
    }
    this.#turn();
  }

  #receive(number: number): void {
    const { core } = this.#ont;
    const message = this.#world.messages.get(number);
    // To an ONT without power, or from before it went down.
    if (core === null) return;
    if (message.kind === "frame") return core.handleFrame(this.#nowNs, message.channel, message.pdu);
    if (!this.#ont.up) return;
    this.#ont.onuId = this.#ont.index;
    core.handleRanged(this.#nowNs, this.#ont.onuId);
  }

  #powerOn(): void {
    this.#onNs = Infinity;
    this.#ont.powerOn(this.#nowNs);
  }

  #flashDone(): void {
    const ont = this.#ont;
    const job = ont.flashJobs.shift()!;
    ont.flashBeganNs = this.#nowNs;
    ont.flash.carryOut(job, 1);
    this.#checks.flash(this.#nowNs, ont);
    ont.core?.handleFlashDone(this.#nowNs, job.id, ont.flash.findingOf(job));
  }

  #cut(share: number): void {
    const ont = this.#ont;
    const [job] = ont.flashJobs;
    if (job !== undefined && share > 0) ont.flash.carryOut(job, share);
    ont.flashJobs = [];
    ont.core = null;
    this.#onNs = this.#nowNs + OFF_NS;
    this.#goDark();
    this.#checks.flash(this.#nowNs, ont);
  }

  #turn(): void {
    const ont = this.#ont;
    this.#dueNs = ont.core === null ? this.#onNs : turnOnt(ont.core, this.#sinks, this.#nowNs);
    this.#checks.step(this.#nowNs, ont);
  }

  #event(nowNs: number, event: OntEvent): void {
    const ont = this.#ont;
    switch (event.type) {
      case "offline":
        this.#goDark();
        break;
      case "online":
        ont.activeSlot = event.activeSlot;
        ont.up = true;
        this.#isLit = true;
        this.#send(LIGHT);
        break;
      case "state":
        ont.cause = event.cause ?? "";
        break;
      default:
        break;
    }
    this.#checks.ont(nowNs, ont, event);
  }

  #goDark(): void {
    this.#ont.up = false;
    this.#ont.onuId = -1;
    if (!this.#isLit) return;
    this.#isLit = false;
    this.#send(DARK);
  }

  #send(message: number): void {
    this.#sent.push({ to: -1, message });
  }

  takeSent(): Sent[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  facts(): Facts {
    const ont = this.#ont;
    const record = ont.flash.readRecord();
    const { version } = this.#world.images.facts;
    const committed = record.slots[record.committed];
    const runs = ont.up && ont.activeSlot === record.committed && record.trial === null;
    const isNew = committed?.version === version;
    return {
      dueNs: this.#dueNs - this.#nowNs,
      isOn: ont.core !== null,
      flashNs: ont.flashJobs.length > 0 ? ont.flashBeganNs + FLASH_NS_MAX - this.#nowNs : Infinity,
      outcome: { kind: "ont", isOnTarget: runs && isNew, isOnOld: runs && !isNew, cause: ont.cause },
    };
  }

  digest(): string {
    return this.#world.digester.of([this.#ont, this.#onNs, this.#isLit], this.#nowNs);
  }
}
