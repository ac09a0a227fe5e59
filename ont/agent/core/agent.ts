/** One update agent from the outside: what a driver calls, handed on to the part that decides. */
import {
  advanceTransfer,
  broken,
  bulkBody,
  bulkResponse,
  DEADLINES,
  type RoadExchange,
  transferRoomBytes,
  transferTimeNs,
  written,
} from "../../road/core/index.ts";
import type { DeviceState, StoreFinding } from "../../store/types.ts";
import { fail } from "./action.ts";
import { AgentContext } from "./context.ts";
import { advanceControl, controlBody, controlDone, controlTimeNs } from "./control.ts";
import { fileRules } from "./files.ts";
import { advanceInstall, installTimeNs, persisted, powerUp, rollBack, stored } from "./install.ts";
import type {
  Agent,
  AgentAction,
  AgentConfig,
  AgentEvent,
  AgentHeaders,
  AgentRecord,
  AgentSnapshot,
  UserWish,
} from "./types.ts";

/**
 * An update client that polls (hawkBit DDI). Constructing it is power-on.
 *
 * @param record what was persisted last; null: nothing ever was
 * @param device what the image store says after this boot
 * @param nowNs integer nanoseconds; may not run backwards from call to call
 */
export function createAgent(
  config: AgentConfig,
  record: AgentRecord | null,
  device: DeviceState,
  nowNs: number,
): Agent {
  return new AgentMachine(config, record, device, nowNs);
}

class AgentMachine implements Agent {
  readonly #context: AgentContext;

  constructor(config: AgentConfig, record: AgentRecord | null, device: DeviceState, nowNs: number) {
    this.#context = new AgentContext(config, record, device, nowNs, fileRules);
    powerUp(this.#context, nowNs);
    this.#advance(nowNs);
  }

  handleResponse(nowNs: number, id: number, status: number, headers: AgentHeaders): void {
    const exchange = this.#exchange(id);
    if (exchange === undefined) return;
    exchange.status = status;
    exchange.headers = headers;
    const { transfer } = this.#context;
    if (transfer?.exchange === exchange) bulkResponse(this.#context, nowNs, transfer);
    this.#advance(nowNs);
  }

  handleBody(nowNs: number, id: number, bytes: Uint8Array): void {
    const context = this.#context;
    const exchange = this.#exchange(id);
    if (exchange === undefined) return;
    if (exchange === context.control) return controlBody(context, bytes);
    if (context.transfer !== null) bulkBody(context, nowNs, context.transfer, bytes);
    this.#advance(nowNs);
  }

  handleEnd(nowNs: number, id: number): void {
    const context = this.#context;
    const exchange = this.#exchange(id);
    if (exchange === undefined) return;
    if (exchange === context.control) controlDone(context, nowNs);
    else if (context.transfer !== null) broken(context, nowNs, context.transfer, "truncated");
    this.#advance(nowNs);
  }

  handleBroken(nowNs: number, id: number, cause: string): void {
    this.#broken(nowNs, this.#exchange(id), cause);
    this.#advance(nowNs);
  }

  handleStored(nowNs: number, finding: StoreFinding): void {
    const context = this.#context;
    const wait = context.storeWaits.get(finding.id);
    if (wait === undefined) return;
    context.storeWaits.delete(finding.id);
    if (wait.kind === "write") written(context, nowNs, wait, finding);
    else stored(context, nowNs, wait.kind, finding);
    this.#advance(nowNs);
  }

  handlePersisted(nowNs: number, id: number): void {
    const context = this.#context;
    const wait = context.persistWaits.get(id);
    if (wait === undefined) return;
    context.persistWaits.delete(id);
    persisted(context, nowNs, wait);
    this.#advance(nowNs);
  }

  handleUser(nowNs: number, wish: UserWish): void {
    const context = this.#context;
    if (wish === "again") {
      if (context.record.closedPath !== "") context.persist({ closedPath: "" });
      return this.#advance(nowNs);
    }
    const isUserPaused = wish === "pause";
    if (context.record.isUserPaused === isUserPaused) return;
    context.persist({ isUserPaused });
    const { state, record } = context;
    if (record.action === null && (state === "idle" || state === "paused")) {
      if (isUserPaused) context.setState(nowNs, "paused", "user");
      else context.setState(nowNs, "idle");
    }
    // What it waits for may be there by now.
    if (!isUserPaused) context.pollBy(nowNs);
    if (!isUserPaused && state === "paused" && record.action?.phase === "stored") context.setState(nowNs, "waiting");
    this.#advance(nowNs);
  }

  handleWallClock(nowNs: number, wallSeconds: number | undefined): void {
    this.#context.wallOffsetSeconds = wallSeconds === undefined ? undefined : wallSeconds - nowNs / 1e9;
    this.#advance(nowNs);
  }

  handleTimeout(nowNs: number): void {
    const context = this.#context;
    const { control, transfer } = context;
    if (control !== null && control.deadlineNs <= nowNs) {
      context.abort(control);
      this.#broken(nowNs, control, "no answer");
    }
    const bulk = transfer?.exchange;
    if (bulk && bulk.status === 0 && bulk.deadlineNs <= nowNs) this.#broken(nowNs, bulk, "no answer");
    if (context.deadlineNs <= nowNs) this.#stateOver(nowNs);
    this.#advance(nowNs);
  }

  /** The state has lasted too long: the update ends, with a cause. */
  #stateOver(nowNs: number): void {
    const context = this.#context;
    const { state, cause, record } = context;
    const ending = DEADLINES[state]?.cause ?? "";
    const words = cause === "" ? ending : `${ending}: ${cause}`;
    // Paused without anything to pause is no fault.
    if (record.action === null) {
      if (state === "paused") context.sinceNs = nowNs;
      else context.setState(nowNs, "idle", words);
      return;
    }
    if (state === "confirming") return rollBack(context, nowNs, words);
    fail(context, nowNs, words);
  }

  #broken(nowNs: number, exchange: RoadExchange | undefined, cause: string): void {
    const context = this.#context;
    if (exchange === undefined) return;
    if (exchange === context.control) controlDone(context, nowNs, cause);
    else if (context.transfer !== null) broken(context, nowNs, context.transfer, cause);
  }

  #exchange(id: number): RoadExchange | undefined {
    const { control, transfer } = this.#context;
    if (control?.id === id) return control;
    return transfer?.exchange?.id === id ? transfer.exchange : undefined;
  }

  /** Whatever happened may allow something else now. */
  #advance(nowNs: number): void {
    advanceTransfer(this.#context, nowNs);
    advanceInstall(this.#context, nowNs);
    advanceControl(this.#context, nowNs);
  }

  roomBytes(nowNs: number): number {
    return transferRoomBytes(this.#context, nowNs);
  }

  pollAction(): AgentAction | undefined {
    return this.#context.actions.shift();
  }

  pollEvent(): AgentEvent | undefined {
    return this.#context.events.shift();
  }

  nextTimeoutNs(nowNs: number): number {
    const context = this.#context;
    return Math.min(
      controlTimeNs(context),
      transferTimeNs(context, nowNs),
      installTimeNs(context, nowNs),
      context.deadlineNs,
    );
  }

  snapshot(): AgentSnapshot {
    const { state, cause, record, polls, nextPollNs, receivedBytes, transfer } = this.#context;
    return {
      state,
      cause,
      action: record.action?.id ?? "",
      polls,
      nextPollNs,
      receivedBytes,
      heldBytes: transfer?.receivedBytes ?? 0,
      imageBytes: transfer?.file.sizeBytes ?? 0,
    };
  }
}
