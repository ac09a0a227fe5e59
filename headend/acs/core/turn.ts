/** The ACS's turn in a session: which request comes next, and what its answer means. */
import {
  CPE_FAULTS,
  CWMP_RPCS,
  type CwmpMessage,
  type CwmpResponse,
  type CwmpResponseOf,
} from "../../../cwmp/index.ts";
import type { AcsBooks } from "./books.ts";
import { hashIn, hashNames, minorOf } from "./device.ts";
import { commandKeyOf, faultDetail, isTransfer, outcomeOf, withCommandKey } from "./requests.ts";
import type { AcsDevice, AcsRequest, AcsTask } from "./types.ts";
import { isUpdate, needsHash, openUpdate, updateRequest, type UpdateTask } from "./updates.ts";

/** A task that is not answered so often has failed. */
const ASKS_MAX = 3;
/** Of an answer that is kept: larger ones are told of and let go. */
const RESULT_ITEMS_MAX = 256;

/** A request, and why it was made. */
export type Ask = { request: AcsRequest } & (
  | { for: "task"; task: AcsTask }
  /** Whether the device knows of transfers of which nobody can say whether it was asked for them. */
  | { for: "check"; tasks: readonly AcsTask[] }
  | { for: "cancel"; task: AcsTask; why: string }
  | { for: "hash" }
  | { for: "provision" }
);

export class AcsTurn {
  readonly #acs: AcsBooks;
  readonly #device: AcsDevice;
  readonly #origin: string;
  /** Tasks that were asked in this session: a second time is for another. */
  readonly #asked = new Set<number>();
  #hasChecked = false;
  #hasCanceled = false;
  #hasAskedHash = false;
  /** What is refused is not asked for again at once. */
  #hasOrdered = false;

  constructor(acs: AcsBooks, device: AcsDevice, origin: string) {
    this.#acs = acs;
    this.#device = device;
    this.#origin = origin;
  }

  /** @returns undefined: the session may end */
  next(nowMs: number): Ask | undefined {
    return this.#provision() ?? this.#check() ?? this.#task(nowMs) ?? this.#hash(nowMs) ?? this.#update(nowMs);
  }

  answered(nowMs: number, ask: Ask, message: CwmpMessage): void {
    const acs = this.#acs;
    const fault = message.method === "Fault" ? message : undefined;
    switch (ask.for) {
      case "provision":
        // A device that has no such parameters is not asked at each session.
        return acs.record({ type: "provisioned", device: this.#device.id, isDone: true });
      case "hash":
        return acs.hashTold(
          this.#device,
          message.method === "GetParameterValuesResponse" ? hashIn(message.parameters) : undefined,
        );
      case "check":
        return this.#checked(ask.tasks, message);
      case "cancel":
        if (fault === undefined && ask.task.state !== "ended") acs.end(ask.task, "canceled", 0, ask.why);
        return;
      case "task": {
        const { task } = ask;
        // It has told of its end in between.
        if (task.state !== "asked") return;
        if (fault === undefined) return this.#taskAnswered(nowMs, task, message as CwmpResponse);
        if (isUpdate(task) && this.#isWithoutSchedules(task, fault.faultCode)) {
          acs.record({ type: "refuses", device: task.device, what: "schedules" });
          acs.record({ type: "notAsked", id: task.id });
          this.#asked.delete(task.id);
          this.#hasOrdered = false;
          return;
        }
        acs.end(task, "failure", fault.faultCode, faultDetail(fault.faultCode, fault.faultString));
      }
    }
  }

  /** There was an answer, and it makes no sense. */
  unreadable(ask: Ask, problem: string): void {
    if (ask.for === "task" && ask.task.state !== "ended")
      this.#acs.end(ask.task, "failure", 0, `its answer cannot be read: ${problem}`);
    else if (ask.for === "hash") this.#acs.hashTold(this.#device, undefined);
    else if (ask.for === "provision") this.#acs.record({ type: "provisioned", device: this.#device.id, isDone: true });
  }

  #provision(): Ask | undefined {
    const { id, isProvisioned, facts } = this.#device;
    if (isProvisioned || this.#acs.config.setsConnectionRequest !== true || facts.connectionRequestUrl === "")
      return undefined;
    const { username, password } = this.#acs.secrets.connectionRequest(id);
    const parameter = (name: string, text: string) => ({
      name: `${facts.root}.ManagementServer.ConnectionRequest${name}`,
      value: { type: "string" as const, text },
    });
    return {
      for: "provision",
      request: {
        method: "SetParameterValues",
        parameters: [parameter("Username", username), parameter("Password", password)],
        parameterKey: "",
      },
    };
  }

  /** Transfers that were asked for, and never answered: asked again blindly, they might be done twice. */
  #check(): Ask | undefined {
    const tasks = this.#device.tasks.filter(
      (task) => task.state === "asked" && isTransfer(task) && !this.#asked.has(task.id),
    );
    if (this.#hasChecked || tasks.length === 0) return undefined;
    this.#hasChecked = true;
    const method =
      minorOf(this.#device.facts) >= CWMP_RPCS.GetAllQueuedTransfers.sinceMinor
        ? "GetAllQueuedTransfers"
        : "GetQueuedTransfers";
    return { for: "check", tasks, request: { method } };
  }

  #checked(tasks: readonly AcsTask[], message: CwmpMessage): void {
    const { transfers = [] } = message as Partial<CwmpResponseOf<"GetQueuedTransfers">>;
    for (const task of tasks) {
      if (task.state !== "asked") continue;
      const isThere = transfers.some(({ commandKey }) => commandKey === commandKeyOf(task));
      if (isThere) this.#acs.record({ type: "taken", id: task.id });
      else this.#acs.transferUnknown(this.#device, task);
    }
  }

  #task(nowMs: number): Ask | undefined {
    for (const task of this.#device.tasks) {
      const isDue = task.state === "queued" || (task.state === "asked" && !isTransfer(task));
      if (!isDue || this.#asked.has(task.id) || task.order.kind === "update") continue;
      if (task.asks >= ASKS_MAX) {
        this.#acs.end(task, "failure", 0, `was asked ${ASKS_MAX} times, and has not answered`);
        continue;
      }
      return this.#ask(nowMs, task, withCommandKey(task.order.request, task), false);
    }
    return undefined;
  }

  #hash(nowMs: number): Ask | undefined {
    const [acs, device] = [this.#acs, this.#device];
    if (this.#hasAskedHash || !needsHash(device, acs.artifacts, acs.offer(nowMs, device))) return undefined;
    this.#hasAskedHash = true;
    return { for: "hash", request: { method: "GetParameterValues", names: hashNames(device.facts) } };
  }

  #update(nowMs: number): Ask | undefined {
    const [acs, device] = [this.#acs, this.#device];
    const open = openUpdate(device);
    const why = open === undefined ? "" : acs.whyLeave(nowMs, device, open.order.target);
    if (open !== undefined && why !== "") {
      if (open.state !== "queued") return this.#cancel(open, why);
      acs.end(open, "canceled", 0, why);
    }
    if (this.#hasOrdered) return undefined;
    const task = acs.updateFor(nowMs, device);
    if (task?.state !== "queued" || this.#asked.has(task.id) || acs.isPaused || !isUpdate(task)) return undefined;
    if (task.asks >= ASKS_MAX) {
      acs.end(task, "failure", 0, `was asked ${ASKS_MAX} times, and has not answered`);
      return undefined;
    }
    const offer = acs.offer(nowMs, device);
    // It runs it by now, or runs what it may not be brought from.
    if (offer.kind === "none") {
      acs.end(task, "canceled", 0, offer.why);
      return undefined;
    }
    const { artifact } = offer;
    this.#hasOrdered = true;
    const { origin, credentials, config } = {
      origin: this.#origin,
      credentials: acs.secrets.file(device.id),
      config: acs.config,
    };
    const request = updateRequest(nowMs, device, task, artifact, { origin, credentials, config });
    return this.#ask(nowMs, task, request, artifact.kind === "delta");
  }

  #ask(nowMs: number, task: AcsTask, request: AcsRequest, isDelta: boolean): Ask {
    const by = request.method === "Download" || request.method === "ScheduleDownload" ? request.method : "";
    this.#asked.add(task.id);
    this.#acs.record({ type: "asked", id: task.id, atMs: nowMs, by, isDelta });
    return { for: "task", task, request };
  }

  #cancel(task: UpdateTask, why: string): Ask | undefined {
    if (this.#hasCanceled || minorOf(this.#device.facts) < CWMP_RPCS.CancelTransfer.sinceMinor) return undefined;
    this.#hasCanceled = true;
    if (!task.isCanceling) this.#acs.record({ type: "canceling", id: task.id });
    return { for: "cancel", task, why, request: { method: "CancelTransfer", commandKey: commandKeyOf(task) } };
  }

  #taskAnswered(nowMs: number, task: AcsTask, response: CwmpResponse): void {
    const acs = this.#acs;
    const isLater =
      response.method === "DownloadResponse" ? response.status !== 0 : response.method === "ScheduleDownloadResponse";
    if (isLater) return acs.record({ type: "taken", id: task.id });
    // Done and applied, it says; that it runs is said by an Inform.
    if (isUpdate(task)) return acs.record({ type: "transferred", id: task.id });
    const { detail, isKept } = outcomeOf(response);
    const items = "parameters" in response ? response.parameters.length : 0;
    const isSmall = items <= RESULT_ITEMS_MAX;
    acs.record({
      type: "ended",
      id: task.id,
      device: task.device,
      as: "success",
      code: 0,
      detail,
      ...(isKept && isSmall && { result: response }),
    });
  }

  /** ScheduleDownload is optional (TR-069, table 30). */
  #isWithoutSchedules({ by }: UpdateTask, code: number): boolean {
    return by === "ScheduleDownload" && code === CPE_FAULTS.methodNotSupported;
  }
}
