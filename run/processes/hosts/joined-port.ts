/** A port that another host brings, as the owner of the run sees it. */
import { Deferred, Effect } from "effect";
import type { OltCommand, OltCommandOutcome } from "../../../olt/core/types.ts";
import { bySerial, StandingCommands } from "../../control/standing.ts";
import type { End } from "../end.ts";
import type { PortOlt } from "../port-olt.ts";
import type { RunState } from "../run-state.ts";
import type { Conversation } from "./conversation.ts";
import type { FromHost, PortResult, ToHost } from "./protocol.ts";

/** An ended run waits this long for a host that is there: it reads its flash back. */
const RESULT_LIMIT = "60 seconds";

export type HostConversation = Conversation<ToHost, FromHost>;

export class JoinedPort implements PortOlt {
  readonly pon: number;
  readonly pid = undefined;
  readonly address = undefined;
  readonly #state: RunState;
  readonly #onOver: (pon: number, end: End) => void;
  #standing = new StandingCommands();
  readonly #asked = new Map<number, (outcome: OltCommandOutcome) => void>();
  readonly #done = Deferred.makeUnsafe<void>();
  #requests = 0;
  #host: HostConversation | undefined;
  /** Once it has come. */
  result: PortResult | undefined;

  constructor(pon: number, state: RunState, onOver: (pon: number, end: End) => void) {
    this.pon = pon;
    this.#state = state;
    this.#onOver = onOver;
  }

  get isTaken(): boolean {
    return this.#host !== undefined;
  }

  get cpuSeconds(): number {
    return this.result?.cpuSeconds.olt ?? 0;
  }

  get starts(): number {
    return 1 + (this.result?.restarts.olt ?? 0);
  }

  /** Why this port has no result, though its host had joined: a line, else empty. */
  absence(nowNs: number): string {
    if (this.result !== undefined || this.#host === undefined) return "";
    const seconds = Math.round((nowNs - this.#host.heardNs) / 1e9);
    return `port ${this.pon}: its host ${this.#host.isLost ? `was heard last ${seconds} s ago` : "gave no result"}`;
  }

  take(host: HostConversation, address: string): void {
    this.#host = host;
    this.#note(`host ${address} brings port ${this.pon}`);
    for (const command of this.#standing.forNewOlt()) host.send({ type: "command", request: 0, command });
  }

  handleState(state: "lost" | "found"): void {
    if (this.result !== undefined) return;
    if (state === "lost") this.#answerAll(`the host of port ${this.pon} does not answer; it is told once it does`);
    const how = state === "lost" ? "does not answer: it goes on by itself" : "answers again";
    this.#note(`the host of port ${this.pon} ${how}`);
  }

  handle(message: FromHost): void {
    switch (message.type) {
      case "records":
        for (const record of message.records) this.#state.takeRecord(this.pon, record);
        return;
      case "standing":
        return this.#state.takeStanding(this.pon, message.standing);
      case "commandDone":
        this.#asked.get(message.request)?.(message.outcome);
        this.#asked.delete(message.request);
        return;
      case "over":
        return this.#handleOver(message.result);
      case "failed":
        return this.#onOver(this.pon, { reason: "failed", text: `port ${this.pon}: its host cannot: ${message.text}` });
      case "join":
      case "fetch":
        return;
    }
  }

  send(): void {
    // Its host knows its ONTs.
  }

  kill(offMs: number): void {
    this.#host?.send({ type: "killOlt", offMs });
  }

  cutOnt(ont: number, offMs: number): void {
    this.#host?.send({ type: "cutOnt", ont, offMs });
  }

  command(asked: OltCommand): Promise<OltCommandOutcome> {
    const refused = (reason: string): Promise<OltCommandOutcome> => Promise.resolve({ accepted: false, reason });
    if (this.result !== undefined) return refused(`port ${this.pon} is done`);
    const command = bySerial(asked, (onuId) => this.#state.serialOf(this.pon, onuId));
    if (this.#host === undefined) return Promise.resolve(this.#standing.keep(command));
    if (this.#host.isLost) {
      const outcome = this.#standing.keep(command);
      if (outcome.accepted) this.#host.send({ type: "command", request: 0, command });
      return Promise.resolve(outcome);
    }
    const request = ++this.#requests;
    this.#host.send({ type: "command", request, command });
    return new Promise((done) => this.#asked.set(request, done));
  }

  start(): Effect.Effect<void> {
    return Effect.void;
  }

  /** Asks for what there is, of a host that can answer. */
  stop(): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.#host === undefined || this.#host.isLost || this.result !== undefined) return Effect.void;
      this.#host.send({ type: "stop" });
      return Deferred.await(this.#done).pipe(Effect.timeoutOption(RESULT_LIMIT), Effect.asVoid);
    });
  }

  #handleOver(result: PortResult): void {
    this.result = result;
    this.#state.takeStanding(this.pon, result);
    const { reason, text } = result.ended;
    this.#answerAll(`port ${this.pon} is done`);
    Deferred.doneUnsafe(this.#done, Effect.void);
    this.#onOver(this.pon, { reason, text: text === "" ? "" : `port ${this.pon}: ${text}` });
  }

  #answerAll(reason: string): void {
    for (const done of this.#asked.values()) done({ accepted: false, reason });
    this.#asked.clear();
  }

  #note(text: string): void {
    this.#state.note({ type: "note", text }, text);
  }
}
