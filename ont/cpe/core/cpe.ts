/** One CPE from the outside: what a driver calls, handed on to the part that decides. */
import { CWMP_EVENTS } from "../../../cwmp/index.ts";
import {
  advanceTransfer,
  broken,
  bulkBody,
  bulkResponse,
  DEADLINES,
  type RoadExchange,
  type RoadHeaders,
  transferRoomBytes,
  transferTimeNs,
  written,
} from "../../road/core/index.ts";
import type { DeviceState, StoreFinding } from "../../store/types.ts";
import { advanceConfiguration, configurationBody, configurationDone, configurationTimeNs } from "./configuration.ts";
import { CpeContext } from "./context.ts";
import { advanceHeldAnswer } from "./held-answer.ts";
import { redirectedUrl } from "./http.ts";
import { advanceAttributes } from "./attributes.ts";
import { advanceInform, informTimeNs } from "./informs.ts";
import { advanceInstall, applyPersisted, installTimeNs, powerUp, rollBack, storeAnswered } from "./install.ts";
import { valueOf } from "./parameters.ts";
import { CONNECTION_REQUESTS_EACH_NS, CONNECTION_REQUESTS_MAX, REDIRECTS_MAX } from "./policy.ts";
import {
  advanceAnswer,
  advanceSession,
  sessionBody,
  sessionBroken,
  sessionDone,
  sessionResponse,
  sessionTimeNs,
} from "./session.ts";
import { advanceQueue, endTransfer, fileRules, queueTimeNs, transferFailed } from "./transfers.ts";
import type { ConnectionVerdict, Cpe, CpeAction, CpeConfig, CpeEvent, CpeRecord, CpeSnapshot } from "./types.ts";

/**
 * A CPE of TR-069. Constructing it is power-on.
 *
 * @param record what was persisted last; null: nothing ever was
 * @param device what the image store says after this boot
 * @param nowNs integer nanoseconds; may not run backwards from call to call
 */
export function createCpe(config: CpeConfig, record: CpeRecord | null, device: DeviceState, nowNs: number): Cpe {
  return new CpeMachine(config, record, device, nowNs);
}

class CpeMachine implements Cpe {
  readonly #context: CpeContext;

  constructor(config: CpeConfig, record: CpeRecord | null, device: DeviceState, nowNs: number) {
    this.#context = new CpeContext(config, record, device, nowNs, fileRules);
    powerUp(this.#context, nowNs);
    this.#advance(nowNs);
  }

  handleResponse(
    nowNs: number,
    id: number,
    status: number,
    headers: RoadHeaders,
    cookies: readonly string[] = [],
  ): void {
    const context = this.#context;
    const exchange = this.#exchange(id);
    if (exchange === undefined) return;
    exchange.status = status;
    exchange.headers = headers;
    const { transfer, session } = context;
    if (exchange === session?.exchange) sessionResponse(context, cookies);
    else if (this.#moves(nowNs, exchange)) return this.#advance(nowNs);
    else if (transfer !== null && exchange === transfer.exchange) bulkResponse(context, nowNs, transfer);
    this.#advance(nowNs);
  }

  /** A file that is elsewhere. @returns whether it is asked for there */
  #moves(nowNs: number, { id, status, headers }: RoadExchange): boolean {
    const context = this.#context;
    const { transfer, configuration, active } = context;
    if (status < 300 || status >= 400 || status === 304 || active === undefined) return false;
    const url = redirectedUrl(context.movedUrl === "" ? active.url : context.movedUrl, headers.location);
    context.redirects += 1;
    if (url === undefined || context.redirects > REDIRECTS_MAX) return false;
    context.movedUrl = url;
    context.actions.push({ kind: "abort", id });
    if (transfer !== null) {
      transfer.exchange = null;
      transfer.retryNs = nowNs;
    } else if (configuration !== null) configuration.exchange = null;
    return true;
  }

  handleBody(nowNs: number, id: number, bytes: Uint8Array): void {
    const context = this.#context;
    const exchange = this.#exchange(id);
    if (exchange === undefined) return;
    const { session, configuration, transfer } = context;
    if (exchange === session?.exchange) return sessionBody(context, bytes);
    if (exchange === configuration?.exchange) return configurationBody(context, bytes);
    if (transfer !== null) bulkBody(context, nowNs, transfer, bytes);
    this.#advance(nowNs);
  }

  handleEnd(nowNs: number, id: number): void {
    const context = this.#context;
    const exchange = this.#exchange(id);
    if (exchange === undefined) return;
    if (exchange === context.session?.exchange) sessionDone(context, nowNs);
    else if (exchange === context.configuration?.exchange) this.#configured(nowNs);
    else if (context.transfer !== null) broken(context, nowNs, context.transfer, "truncated");
    this.#advance(nowNs);
  }

  handleBroken(nowNs: number, id: number, cause: string): void {
    this.#broken(nowNs, this.#exchange(id), cause);
    this.#advance(nowNs);
  }

  #broken(nowNs: number, exchange: RoadExchange | undefined, cause: string): void {
    const context = this.#context;
    if (exchange === undefined) return;
    if (exchange === context.session?.exchange) sessionDone(context, nowNs, cause);
    else if (exchange === context.configuration?.exchange) this.#configured(nowNs, cause);
    else if (context.transfer !== null) broken(context, nowNs, context.transfer, cause);
  }

  #configured(nowNs: number, cause?: string): void {
    const context = this.#context;
    const end = configurationDone(context, nowNs, cause);
    if (end.kind === "failed") transferFailed(context, nowNs, end.cause);
    else if (end.kind !== "none") endTransfer(context, nowNs, end.cause);
  }

  handleStored(nowNs: number, finding: StoreFinding): void {
    const context = this.#context;
    const wait = context.storeWaits.get(finding.id);
    if (wait === undefined) return;
    context.storeWaits.delete(finding.id);
    if (wait.kind === "write") written(context, nowNs, wait, finding);
    else storeAnswered(context, nowNs, wait.kind, finding);
    this.#advance(nowNs);
  }

  handlePersisted(nowNs: number, id: number): void {
    const context = this.#context;
    const wait = context.persistWaits.get(id);
    if (wait === undefined) return;
    context.persistWaits.delete(id);
    if (wait === "apply") applyPersisted(context, nowNs);
    this.#advance(nowNs);
  }

  handleConnectionRequest(nowNs: number): ConnectionVerdict {
    const context = this.#context;
    if (context.session !== null) return "busy";
    const fromNs = nowNs - CONNECTION_REQUESTS_EACH_NS;
    context.connectionRequestsNs = context.connectionRequestsNs.filter((atNs) => atNs > fromNs);
    if (context.connectionRequestsNs.length >= CONNECTION_REQUESTS_MAX) return "limited";
    context.connectionRequestsNs.push(nowNs);
    context.addEvent(CWMP_EVENTS.connectionRequest);
    // Also where a session failed: the ACS is there now (TR-069, 3.2.1.1).
    context.sessionNs = nowNs;
    this.#advance(nowNs);
    return "accepted";
  }

  connectionRequestPassword(username: string): string | undefined {
    const known = valueOf(this.#context, "Device.ManagementServer.ConnectionRequestUsername");
    if (known === "" || username !== known) return undefined;
    return valueOf(this.#context, "Device.ManagementServer.ConnectionRequestPassword");
  }

  handleUser(nowNs: number, wish: "confirm" | "refuse" | "request"): void {
    const context = this.#context;
    if (wish === "request") {
      context.wantsDownload = true;
      context.addEvent(CWMP_EVENTS.requestDownload);
      return this.#advance(nowNs);
    }
    const [into, outOf] =
      wish === "confirm" ? [context.confirmed, context.refused] : [context.refused, context.confirmed];
    for (const { number, windows } of context.record.transfers)
      if (windows.length > 0) {
        into.add(number);
        outOf.delete(number);
      }
    this.#advance(nowNs);
  }

  handleIdle(nowNs: number, isIdle: boolean): void {
    this.#context.isIdle = isIdle;
    this.#advance(nowNs);
  }

  handleWallClock(nowNs: number, wallSeconds: number | undefined): void {
    const context = this.#context;
    context.wallOffsetSeconds = wallSeconds === undefined ? undefined : wallSeconds - nowNs / 1e9;
    context.anchor(nowNs);
    this.#advance(nowNs);
  }

  handleTimeout(nowNs: number): void {
    const context = this.#context;
    const { session, configuration, transfer } = context;
    if (session?.exchange && session.exchange.deadlineNs <= nowNs) sessionBroken(context, nowNs, "no answer");
    const small = configuration?.exchange;
    if (small && small.deadlineNs <= nowNs) {
      context.abort(small);
      this.#configured(nowNs, "no answer");
    }
    const bulk = transfer?.exchange;
    if (bulk && bulk.status === 0 && bulk.deadlineNs <= nowNs) this.#broken(nowNs, bulk, "no answer");
    if (context.deadlineNs <= nowNs) this.#stateOver(nowNs);
    this.#advance(nowNs);
  }

  /** The state has lasted too long: the update ends, with a cause. */
  #stateOver(nowNs: number): void {
    const context = this.#context;
    const { state, cause, active } = context;
    const ending = DEADLINES[state]?.cause ?? "";
    const words = cause === "" ? ending : `${ending}: ${cause}`;
    if (state === "confirming") return rollBack(context, nowNs, words);
    if (active !== undefined) return endTransfer(context, nowNs, words);
    context.isRestartDue = false;
    context.setState(nowNs, "idle", words);
  }

  #exchange(id: number): RoadExchange | undefined {
    const { session, transfer, configuration } = this.#context;
    return (
      [session?.exchange, transfer?.exchange, configuration?.exchange].find((each) => each?.id === id) ?? undefined
    );
  }

  /** Whatever happened may allow something else now. */
  #advance(nowNs: number): void {
    const context = this.#context;
    advanceAttributes(context, nowNs);
    advanceInform(context, nowNs);
    advanceHeldAnswer(context, nowNs);
    advanceAnswer(context, nowNs);
    advanceQueue(context, nowNs);
    advanceConfiguration(context, nowNs);
    advanceTransfer(context, nowNs);
    advanceInstall(context, nowNs);
    advanceSession(context, nowNs);
  }

  roomBytes(nowNs: number): number {
    return transferRoomBytes(this.#context, nowNs);
  }

  pollAction(): CpeAction | undefined {
    return this.#context.actions.shift();
  }

  pollEvent(): CpeEvent | undefined {
    return this.#context.events.shift();
  }

  nextTimeoutNs(nowNs: number): number {
    const context = this.#context;
    return Math.min(
      informTimeNs(context, nowNs),
      queueTimeNs(context, nowNs),
      configurationTimeNs(context, nowNs),
      transferTimeNs(context, nowNs),
      installTimeNs(context, nowNs),
      sessionTimeNs(context),
      context.deadlineNs,
    );
  }

  snapshot(): CpeSnapshot {
    const context = this.#context;
    const { state, cause, record, sessions, receivedBytes, transfer, retryCount, session, active } = context;
    return {
      state,
      cause,
      action: active?.commandKey || (record.transfers.length > 0 ? `${record.transfers[0].number}` : ""),
      polls: sessions,
      nextPollNs: Math.min(sessionTimeNs(context), context.periodicNs),
      receivedBytes,
      heldBytes: transfer?.receivedBytes ?? 0,
      imageBytes: transfer?.file.sizeBytes ?? 0,
      retryCount,
      queued: record.transfers.length,
      inSession: session !== null,
    };
  }
}
