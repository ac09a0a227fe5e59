/** The OLT in a search. */
import { type Olt, type OltEventSink, type Southbound, turnOlt } from "../../olt/index.ts";
import { encodeSection, PDU_BYTES_MAX } from "../../omci/index.ts";
import { BROADCAST } from "../../pon/types.ts";
import { newTraffic } from "../../pon/index.ts";
import { EPOCH_NS } from "./digest.ts";
import { RANGED } from "./messages.ts";
import { argumentOf, type Durations, type Facts, fromOf, INPUT, kindOf, type Party, type Sent } from "./party.ts";
import type { World } from "./world.ts";

const HEARS_NOTHING: OltEventSink = { event: () => undefined };

export class OltParty implements Party {
  readonly #world: World;
  readonly #durations: Durations;
  readonly #olt: Olt;
  readonly #southbound: Southbound;
  readonly #pdu = new Uint8Array(PDU_BYTES_MAX);
  #nowNs = EPOCH_NS;
  #dueNs = Infinity;
  #sent: Sent[] = [];

  constructor(world: World, durations: Durations) {
    this.#world = world;
    this.#durations = durations;
    this.#olt = world.createOlt();
    this.#southbound = this.#way();
    this.#turn();
  }

  /** A way with room for all; what is for all goes to each alone, as each may lose it. */
  #way(): Southbound {
    const { messages, options } = this.#world;
    const send = (to: number, pdu: Uint8Array): void => {
      const isToAll = to === BROADCAST;
      const message = messages.frame(isToAll ? "broadcast" : "omcc", pdu);
      if (!isToAll) this.#sent.push({ to, message });
      else for (let ont = 0; ont < options.onts; ont++) this.#sent.push({ to: ont, message });
    };
    return {
      name: "the OLT",
      downstream: newTraffic(),
      upstream: newTraffic(),
      beginTurn: () => undefined,
      roomBytes: () => Infinity,
      frame: (to, bytes, lengthBytes) => send(to, bytes.subarray(0, lengthBytes)),
      sections: (to, span) => {
        for (let index = 0; index < span.count; index++)
          send(to, this.#pdu.subarray(0, encodeSection(span, index, this.#pdu, 0)));
      },
      flush: () => undefined,
      roomAgainNs: () => Infinity,
      nextTimeoutNs: () => Infinity,
      handleTimeout: () => undefined,
    };
  }

  apply(input: number): void {
    const from = fromOf(input);
    switch (kindOf(input)) {
      case INPUT.wait:
        this.#nowNs += this.#durations.get(argumentOf(input));
        return;
      case INPUT.message:
        this.#receive(from, argumentOf(input));
        break;
      case INPUT.timer:
        if (this.#olt.nextTimeoutNs() <= this.#nowNs) this.#olt.handleTimeout(this.#nowNs);
        break;
      default:
        throw new Error("an OLT knows no such input");
    }
    this.#turn();
  }

  #receive(from: number, number: number): void {
    const message = this.#world.messages.get(number);
    switch (message.kind) {
      case "frame":
        return this.#olt.handleFrame(this.#nowNs, from, message.pdu);
      case "light":
        this.#sent.push({ to: from, message: RANGED });
        return this.#olt.handleRanged(this.#nowNs, from, this.#world.serialOf(from));
      case "dark":
        return this.#olt.handleLinkLost(this.#nowNs, from);
      case "ranged":
        throw new Error("an OLT is not ranged");
    }
  }

  #turn(): void {
    this.#dueNs = turnOlt(this.#olt, this.#southbound, HEARS_NOTHING, this.#nowNs);
  }

  takeSent(): Sent[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  facts(): Facts {
    const { onts } = this.#olt.status();
    const told = [...onts].sort((a, b) => a.onuId - b.onuId).map(({ phase, cause }) => ({ phase, cause }));
    return {
      dueNs: this.#dueNs - this.#nowNs,
      isOn: true,
      flashNs: Infinity,
      outcome: { kind: "olt", isFinished: this.#olt.finished, onts: told },
    };
  }

  digest(): string {
    return this.#world.digester.of(this.#olt, this.#nowNs);
  }
}
