/** The whole world of a search as a row of numbers, and what each action makes of it. */
import { type Action, actionNumber, actionOf, type ActionName, isFault } from "./actions.ts";
import { Automaton } from "./automaton.ts";
import { Channels } from "./channels.ts";
import { DARK } from "./messages.ts";
import { OltParty } from "./olt-party.ts";
import { OntParty } from "./ont-party.ts";
import { Durations, type Facts, INPUT, inputOf, type Sent } from "./party.ts";
import { imageChecks } from "../rules/index.ts";
import { World, type WorldOptions } from "./world.ts";

/** A row: state of the OLT, then of each ONT its state, what is on its way down, and up. */
const OLT = 0;
const FIRST_ONT = 1;
const PER_ONT = 3;
const ontAt = (ont: number): number => FIRST_ONT + PER_ONT * ont;
const downAt = (ont: number): number => ontAt(ont) + 1;
const upAt = (ont: number): number => ontAt(ont) + 2;

/** More on one way than this is a queue without end. */
const MESSAGES_MAX = 64;

/** And a deadline further away is as good as none. */
const TIMER_NS_MAX = 900e9;

export class Model {
  readonly world: World;
  readonly width: number;
  readonly olt: Automaton;
  readonly onts: readonly Automaton[];
  readonly channels = new Channels();
  readonly #durations = new Durations();
  /** What went wrong with the last action; empty = nothing. */
  problem = "";
  /** What was sent because of it, in words: where a path is shown. */
  sentTexts: string[] = [];
  readonly #tells: boolean;

  /** @param merges whether equal states are one */
  constructor(options: WorldOptions, merges = true) {
    this.world = new World(options);
    this.#tells = !merges;
    this.width = FIRST_ONT + PER_ONT * options.onts;
    const { images } = this.world;
    this.olt = new Automaton(() => new OltParty(this.world, this.#durations), merges);
    this.onts = Array.from({ length: options.onts }, (_, index) => {
      const checks = imageChecks(images);
      return new Automaton(() => new OntParty(this.world, this.#durations, checks, index), merges);
    });
  }

  first(): Int32Array {
    const row = new Int32Array(this.width);
    this.#send(row, -1, this.olt.firstSent);
    this.onts.forEach(({ firstSent }, ont) => this.#send(row, ont, firstSent));
    return row;
  }

  ontFacts(row: Int32Array, ont: number): Facts {
    return this.onts[ont].facts(row[ontAt(ont)]);
  }

  oltFacts(row: Int32Array): Facts {
    return this.olt.facts(row[OLT]);
  }

  #order(row: Int32Array, at: number): readonly number[] {
    return this.channels.get(row[at]).order;
  }

  /**
   * What may happen next. Where the order of two does not matter only one is gone (partial-order reduction by persistent
   * sets): see docs/explore.md.
   *
   * @param mayFail faults may happen
   * @param scope first: the ONTs are alike still, so that what happens to one stands for what happens to any. all: without
   *   that reduction
   */
  actions(row: Int32Array, mayFail: boolean, scope: "first" | "later" | "all"): number[] {
    const { onts } = this;
    const dueNs = this.#dueNs(row);
    const ofOlt = (): number[] => this.#ofOlt(row, dueNs, mayFail);
    const ofOnt = (ont: number): number[] => this.#ofOnt(row, ont, dueNs, mayFail);
    if (scope === "first") return ofOnt(0);
    const ofAll = (): number[] => [...ofOlt(), ...onts.flatMap((_, ont) => ofOnt(ont))];
    if (scope === "all") return ofAll();
    for (let ont = 0; ont < onts.length; ont++) if (this.#order(row, downAt(ont)).length > 0) return ofOnt(ont);
    const comesUp = onts.some((_, ont) => this.#order(row, upAt(ont)).length > 0);
    return comesUp && this.#onlyOltActs(row, dueNs, mayFail) ? ofOlt() : ofAll();
  }

  /** Whether no ONT can do anything that an empty way up would tell the OLT of. */
  #onlyOltActs(row: Int32Array, dueNs: number, mayFail: boolean): boolean {
    return this.onts.every((_, ont) => {
      if (this.#order(row, upAt(ont)).length > 0) return true;
      const facts = this.ontFacts(row, ont);
      const mayBeCut = facts.isOn && mayFail;
      const isLate = this.channels.get(row[downAt(ont)]).late.length > 0;
      return !mayBeCut && facts.flashNs === Infinity && !isLate && !(facts.dueNs === 0 && dueNs === 0);
    });
  }

  /** Until the next timer; time stands still while anything is on its way that is not late, or a flash has
   * taken as long as it may. */
  #dueNs(row: Int32Array): number {
    let dueNs = this.oltFacts(row).dueNs;
    let isBusy = false;
    let flashNs = Infinity;
    for (let ont = 0; ont < this.onts.length; ont++) {
      const facts = this.ontFacts(row, ont);
      dueNs = Math.min(dueNs, facts.dueNs);
      flashNs = Math.min(flashNs, facts.flashNs);
      isBusy ||= this.#order(row, downAt(ont)).length > 0 || this.#order(row, upAt(ont)).length > 0;
    }
    return dueNs > (isBusy ? 0 : flashNs) ? Infinity : dueNs;
  }

  #ofOnt(row: Int32Array, ont: number, dueNs: number, mayFail: boolean): number[] {
    const facts = this.ontFacts(row, ont);
    const actions: ActionName[] = [];
    this.#ofWay(row[downAt(ont)], ["down", "loseDown", "doubleDown", "delayDown"], mayFail, actions);
    if (facts.flashNs < Infinity) actions.push("flash");
    if (facts.dueNs === dueNs && dueNs < Infinity) actions.push("timer");
    if (mayFail && facts.isOn) actions.push("cutBefore");
    if (mayFail && facts.isOn && facts.flashNs < Infinity) actions.push("cutTorn", "cutAfter");
    return [...actions.map((name) => actionNumber(name, ont)), ...this.#late(row[downAt(ont)], "lateDown", ont)];
  }

  #ofOlt(row: Int32Array, dueNs: number, mayFail: boolean): number[] {
    const actions = this.onts.flatMap((_, ont) => {
      const ofWay: ActionName[] = [];
      this.#ofWay(row[upAt(ont)], ["up", "loseUp", "doubleUp", "delayUp"], mayFail, ofWay);
      return [...ofWay.map((name) => actionNumber(name, ont)), ...this.#late(row[upAt(ont)], "lateUp", ont)];
    });
    if (this.oltFacts(row).dueNs === dueNs && dueNs < Infinity) actions.push(actionNumber("timerOlt", 0));
    return actions;
  }

  #ofWay(channel: number, names: readonly ActionName[], mayFail: boolean, actions: ActionName[]): void {
    const [first] = this.channels.get(channel).order;
    if (first === undefined) return;
    actions.push(names[0]);
    if (mayFail && this.world.messages.isFrame(first)) actions.push(...names.slice(1));
  }

  #late(channel: number, name: ActionName, ont: number): number[] {
    const { late } = this.channels.get(channel);
    // Of equal ones any is the first.
    return late.flatMap((message, place) => (late.indexOf(message) === place ? [actionNumber(name, ont, place)] : []));
  }

  /** Whether an action is one of those that are counted. */
  isFault(number: number): boolean {
    return isFault(actionOf(number).name);
  }

  /** Does an action to a row, which is changed. @returns false where something is wrong then: see `problem` */
  apply(row: Int32Array, number: number): boolean {
    const action = actionOf(number);
    this.problem = "";
    this.sentTexts = [];
    this.#apply(row, action);
    return this.problem === "";
  }

  #apply(row: Int32Array, { name, ont, place }: Action): void {
    const { channels } = this;
    const [down, up] = [downAt(ont), upAt(ont)];
    switch (name) {
      case "timerOlt":
        this.#pass(row);
        return this.#olt(row, inputOf(INPUT.timer));
      case "timer":
        this.#pass(row);
        return this.#ont(row, ont, inputOf(INPUT.timer));
      case "flash":
        return this.#ont(row, ont, inputOf(INPUT.flash));
      case "down":
        return this.#toOnt(row, ont, channels.take(row[down]));
      case "up":
        return this.#toOlt(row, ont, channels.take(row[up]));
      case "lateDown": {
        const message = channels.get(row[down]).late[place];
        row[down] = channels.takeLate(row[down], place);
        return this.#ont(row, ont, inputOf(INPUT.message, message));
      }
      case "lateUp": {
        const message = channels.get(row[up]).late[place];
        row[up] = channels.takeLate(row[up], place);
        return this.#olt(row, inputOf(INPUT.message, message, ont));
      }
      default:
        return this.#fail(row, name, ont);
    }
  }

  #fail(row: Int32Array, name: ActionName, ont: number): void {
    const { channels } = this;
    const [down, up] = [downAt(ont), upAt(ont)];
    switch (name) {
      case "loseDown":
        row[down] = channels.take(row[down]);
        return;
      case "loseUp":
        row[up] = channels.take(row[up]);
        return;
      case "delayDown":
        row[down] = channels.delay(row[down]);
        return;
      case "delayUp":
        row[up] = channels.delay(row[up]);
        return;
      case "doubleDown":
        return this.#toOnt(row, ont, channels.delay(row[down]));
      case "doubleUp":
        return this.#toOlt(row, ont, channels.delay(row[up]));
      case "cutBefore":
      case "cutTorn":
      case "cutAfter":
        return this.#ont(row, ont, inputOf(INPUT[name]));
      default:
        throw new Error(`${name} is no fault`);
    }
  }

  /** Time that passes with an action, ns. */
  passesNs(row: Int32Array, number: number): number {
    const { name } = actionOf(number);
    return name === "timer" || name === "timerOlt" ? this.#dueNs(row) : 0;
  }

  /** The message that an action is about, in words; empty = none. */
  messageOf(row: Int32Array, number: number): string {
    const { name, ont, place } = actionOf(number);
    const way = /down$/i.test(name) ? downAt(ont) : /up$/i.test(name) ? upAt(ont) : -1;
    if (way < 0) return "";
    const { order, late } = this.channels.get(row[way]);
    return ` ${this.world.messages.textOf(name.startsWith("late") ? late[place] : order[0])}`;
  }

  /** @param left what is on its way behind the first, which comes */
  #toOnt(row: Int32Array, ont: number, left: number): void {
    const [message] = this.#order(row, downAt(ont));
    row[downAt(ont)] = left;
    this.#ont(row, ont, inputOf(INPUT.message, message));
  }

  #toOlt(row: Int32Array, ont: number, left: number): void {
    const [message] = this.#order(row, upAt(ont));
    row[upAt(ont)] = left;
    // What it sent before it went down does not come seconds later.
    if (message === DARK) row[upAt(ont)] = this.channels.forgetLate(left);
    this.#olt(row, inputOf(INPUT.message, message, ont));
  }

  /** Time passes until the next timer. */
  #pass(row: Int32Array): void {
    const dueNs = this.#dueNs(row);
    if (dueNs <= 0) return;
    const wait = inputOf(INPUT.wait, this.#durations.numberOf(dueNs));
    row[OLT] = this.olt.step(row[OLT], wait).to;
    this.onts.forEach((each, ont) => (row[ontAt(ont)] = each.step(row[ontAt(ont)], wait).to));
  }

  #olt(row: Int32Array, input: number): void {
    row[OLT] = this.#step(row, this.olt, row[OLT], input, -1);
  }

  #ont(row: Int32Array, ont: number, input: number): void {
    row[ontAt(ont)] = this.#step(row, this.onts[ont], row[ontAt(ont)], input, ont);
  }

  /** @param ont whose it is; -1 = the OLT's. @returns the state then */
  #step(row: Int32Array, party: Automaton, state: number, input: number, ont: number): number {
    const { to, sent, problem } = party.step(state, input);
    this.problem ||= problem;
    this.#send(row, ont, sent);
    if (to < 0) return to;
    const { dueNs } = party.facts(to);
    if (dueNs > TIMER_NS_MAX && dueNs < Infinity) this.problem ||= `bounds: a deadline in ${dueNs / 1e9} s`;
    return to;
  }

  #send(row: Int32Array, from: number, sent: readonly Sent[]): void {
    for (const { to, message } of sent) {
      const at = from < 0 ? downAt(to) : upAt(from);
      row[at] = this.channels.push(row[at], message);
      if (this.#tells) this.#tell(from, to, message);
      if (message === DARK) row[downAt(from)] = this.channels.forgetLate(row[downAt(from)]);
      if (this.#order(row, at).length > MESSAGES_MAX) this.problem ||= "bounds: messages on one way without end";
    }
  }

  #tell(from: number, to: number, message: number): void {
    const [sender, receiver] = from < 0 ? ["OLT", `ONT ${to}`] : [`ONT ${from}`, "OLT"];
    this.sentTexts.push(`${sender} -> ${receiver}: ${this.world.messages.textOf(message)}`);
  }
}
