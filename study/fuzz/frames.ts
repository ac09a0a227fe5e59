/** Frames that nobody should send, put into runs that go on: ONTs and OLTs have to count them and carry on. */
import {
  decodeMessage,
  encodeSection,
  newSectionView,
  readSection,
  type SectionSpan,
  PDU_BYTES_MAX,
  EXTENDED_SECTION_BYTES_MAX,
} from "../../omci/index.ts";
import { checkedSimulation } from "../rules/index.ts";
import { prepareImages } from "../../run/index.ts";
import { parseScenario, type Scenario } from "../../scenarios/index.ts";
import { EVENT, type VirtualOnt, type Simulation } from "../../run/virtual/index.ts";
import { Delivery, Flight } from "../../pon/virtual/index.ts";
import { Dice } from "./dice.ts";
import { Corpus, forgeAnswer, mutate } from "./mutate.ts";

/** What became of the frames. */
export interface FramesReport {
  frames: number;
  toOnts: number;
  toOlts: number;
  /** Of these, frames that cannot be read at all. */
  unreadable: number;
  /** Runs in the middle of which the frames came. */
  runs: number;
  /** Frames by how they were made. */
  made: ReadonlyMap<string, number>;
  /** Frames that were dropped, by who dropped them and why. */
  dropped: ReadonlyMap<string, number>;
  /** Update states of ONTs that were entered meanwhile. */
  states: ReadonlyMap<string, number>;
  /** One line; undefined: nothing broke. */
  problem: string | undefined;
}

/** A frame that cannot be read has to be counted, once, and to change nothing. */
class FrameFault extends Error {
  override readonly name = "FrameFault";
}

const CORPUS_FRAMES = 256;
/** Of the frames to OLTs, those that come before the answer that they are not. */
const FORGED_SHARE = 0.1;
/** Steps of one run. */
const STEPS_MAX = 1500;

/** A small run of every kind: strange frames make it last, so that its limits are narrow. */
function scenarioOf(dice: Dice, seed: number): Scenario {
  const limits = { runSeconds: 60, returnWaitMs: 2000, rebootWaitMs: 4000, busyWaitMs: 5000, answerTimeoutMs: 200 };
  const scenario = {
    seed,
    onts: 3,
    image: { bytes: dice.spread(2000, 12_000) },
    fleet: [{ count: 1 }, { count: 1, omccVersion: 0xa0 }, { recoveryAware: dice.chance(0.5) }],
    impairments: dice.chance(0.5) ? [{ kind: "loss", chance: 0.08 }] : [],
    olt: {
      mode: dice.among(["multicast", "multicast", "unicast"]),
      recovery: dice.among(["window", "selective", "parity"]),
      messageSet: dice.among(["baseline", "extended", "extended"]),
      windowSections: dice.spread(2, 64),
      sectionBytes: dice.spread(100, EXTENDED_SECTION_BYTES_MAX),
      soakMs: 100,
      ...limits,
    },
  };
  return parseScenario(JSON.stringify(scenario), "frames");
}

/** Hands strange frames to the ONTs and OLTs of one run after the other, between its steps. */
export class FrameFuzz {
  readonly #dice: Dice;
  readonly #seed: number;
  readonly #down = new Corpus(CORPUS_FRAMES);
  readonly #up = new Corpus(CORPUS_FRAMES);
  readonly #made = new Map<string, number>();
  readonly #dropped = new Map<string, number>();
  /** The last request that left an OLT. */
  #asked: { onuId: number; pdu: Uint8Array } | undefined;
  readonly #states = new Map<string, number>();
  readonly #view = newSectionView();
  readonly #scratch = new Uint8Array(PDU_BYTES_MAX);
  #toOnts = 0;
  #toOlts = 0;
  #unreadable = 0;
  #runs = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#dice = new Dice(seed, "frames");
  }

  get frames(): number {
    return this.#toOnts + this.#toOlts;
  }

  /** @param onRun called after each run, to show how far it is */
  run(frames: number, onRun: () => void = () => undefined): FramesReport {
    let problem: string | undefined;
    try {
      while (this.frames < frames) {
        this.#runOnce(frames);
        onRun();
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problem = `${error.name}: ${error.message}`.split("\n")[0];
    }
    return {
      frames: this.frames,
      toOnts: this.#toOnts,
      toOlts: this.#toOlts,
      unreadable: this.#unreadable,
      runs: this.#runs,
      made: this.#made,
      dropped: this.#dropped,
      states: this.#states,
      problem,
    };
  }

  #runOnce(frames: number): void {
    const scenario = scenarioOf(this.#dice, this.#seed + this.#runs);
    this.#runs++;
    const checked = checkedSimulation(scenario, prepareImages(scenario), {
      observers: [
        {
          frame: (_nowNs, _pon, to, pdu) => this.#keepRequest(to, pdu),
          upstream: (_nowNs, _ont, pdu) => this.#up.add(pdu),
          sections: (_nowNs, _pon, _to, span) => this.#keepSection(span),
          ont: (_nowNs, _ont, event) => event.type === "state" && count(this.#states, event.state),
        },
      ],
    });
    const { simulation } = checked;
    // Few of them let an update come far, many of them let it come nowhere.
    const framesPerStep = this.#dice.spread(2, 200) / 100;
    for (let steps = 0; steps < STEPS_MAX && simulation.run(1); steps++) {
      for (let due = framesPerStep; this.frames < frames && this.#dice.chance(due); due--) {
        if (this.#dice.chance(0.5)) this.#toOnt(simulation);
        else this.#toOlt(simulation);
      }
    }
    checked.finish();
  }

  #keepRequest(to: number, pdu: Uint8Array): void {
    this.#down.add(pdu);
    this.#asked = { onuId: to, pdu: pdu.slice() };
  }

  /** The last section of a span: the one that may be answered. */
  #keepSection(span: SectionSpan): void {
    this.#down.add(this.#scratch.subarray(0, encodeSection(span, span.count - 1, this.#scratch, 0)));
  }

  #mutate(corpus: Corpus): Uint8Array {
    const { name, pdu } = mutate(this.#dice, corpus);
    count(this.#made, name);
    return pdu;
  }

  /** Why a frame cannot be read; undefined when it can. */
  #fault(pdu: Uint8Array): string | undefined {
    if (readSection(pdu, 0, pdu.length, this.#view)) return undefined;
    const decoded = decodeMessage(pdu);
    if (decoded.ok) return undefined;
    this.#unreadable++;
    return decoded.cause;
  }

  #toOnt(simulation: Simulation): void {
    const ont = this.#dice.among(simulation.onts);
    const pdu = this.#mutate(this.#down);
    this.#toOnts++;
    const { core } = ont;
    if (core === null) return;
    const fault = this.#fault(pdu);
    const before = core.snapshot();
    core.handleFrame(simulation.nowNs, this.#dice.chance(0.7) ? "omcc" : "broadcast", pdu);
    const drops: string[] = [];
    for (let event = core.pollEvent(); event !== undefined; event = core.pollEvent())
      if (event.type === "dropped") drops.push(event.cause);
    for (const cause of drops) count(this.#dropped, `ONT: ${cause}`);
    if (fault !== undefined) {
      if (drops.length !== 1)
        throw new FrameFault(`ONT ${ont.index} dropped ${drops.length} for ${hex(pdu)} (${fault})`);
      const after = core.snapshot();
      const isSame = JSON.stringify(before) === JSON.stringify(after);
      if (!isSame) throw new FrameFault(`ONT ${ont.index} was changed by ${hex(pdu)} (${fault})`);
    }
    this.#pump(simulation, ont);
  }

  /** Nothing is delivered, and the driver does what it does after a delivery. */
  #pump(simulation: Simulation, ont: VirtualOnt): void {
    const delivery = new Delivery();
    delivery.flight = new Flight();
    delivery.flight.users = 1;
    delivery.pieces.clear();
    delivery.add(ont.index, ont.life);
    simulation.queue.schedule(simulation.nowNs, EVENT.deliver, 0, 0, delivery);
  }

  #upstreamFrame(simulation: Simulation): { onuId: number; pdu: Uint8Array } {
    const dice = this.#dice;
    if (this.#asked !== undefined && dice.chance(FORGED_SHARE)) {
      count(this.#made, "answer forged");
      return { onuId: this.#asked.onuId, pdu: forgeAnswer(dice, this.#asked.pdu) };
    }
    const isKnown = dice.chance(0.95);
    const onuId = isKnown ? dice.between(0, simulation.onts.length - 1) : dice.between(-1, 300);
    return { onuId, pdu: this.#mutate(this.#up) };
  }

  #toOlt(simulation: Simulation): void {
    const [port] = simulation.ports;
    const { onuId, pdu } = this.#upstreamFrame(simulation);
    this.#toOlts++;
    const { olt } = port;
    if (olt === null) return;
    const fault = this.#fault(pdu);
    olt.handleFrame(simulation.nowNs, onuId, pdu);
    const drops: string[] = [];
    for (let event = olt.pollEvent(); event !== undefined; event = olt.pollEvent())
      if (event.type === "dropped") drops.push(event.cause);
    for (const cause of drops) count(this.#dropped, `OLT: ${cause}`);
    if (fault !== undefined && (drops.length !== 1 || drops[0] !== fault))
      throw new FrameFault(`the OLT dropped ${drops.join(", ") || "nothing"} for ${hex(pdu)} (${fault})`);
    port.pump(simulation.nowNs);
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

const hex = (pdu: Uint8Array): string =>
  Buffer.from(pdu.subarray(0, 64)).toString("hex") + (pdu.length > 64 ? "…" : "");

const row = (name: string, times: number): string =>
  `  ${name.padEnd(48)}${times.toLocaleString("en-US").padStart(10)}`;
const rows = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, times]) => row(name, times));

export const framesText = ({ frames, toOnts, toOlts, unreadable, runs, made, dropped, states }: FramesReport): string =>
  [
    `${frames.toLocaleString("en-US")} frames in the middle of ${runs} runs: ${toOnts.toLocaleString("en-US")} to ONTs, ` +
      `${toOlts.toLocaleString("en-US")} to OLTs; ${unreadable.toLocaleString("en-US")} cannot be read`,
    "made",
    ...rows(made),
    "dropped",
    ...rows(dropped),
    "states of ONTs entered",
    ...rows(states),
  ].join("\n");
