/** What the steps of a case can do with a CPE: ask, and hold its answers, Informs and reports against what is wanted. */
import {
  type CwmpFault,
  type CwmpRequest,
  type CwmpResponseOf,
  type CwmpRpc,
  CPE_FAULTS,
  faultText,
} from "../../../../cwmp/index.ts";
import { CannotTest, CaseFailure, NotApplicable } from "../../../core/index.ts";
import type { CwmpPrecondition } from "../case.ts";
import { CWMP_LIMITS } from "../limits.ts";
import { codesOf, type HeardComplete, type HeardSession, messageOf, type Question, type TesterTask } from "./acs.ts";
import { FILES_PATH, type ServedRule } from "./files.ts";
import { CpeReach } from "./reach.ts";

export class CpeTester extends CpeReach {
  /** @throws CaseFailure where nothing comes, or a fault */
  async ask<Rpc extends CwmpRpc>(
    request: Extract<CwmpRequest, { method: Rpc }>,
    when = `to ${request.method}`,
  ): Promise<CwmpResponseOf<Rpc>> {
    const [task] = await this.tell(request);
    return this.response<Rpc>(task!, request.method as Rpc, when);
  }

  /** @throws NotApplicable for an optional method that this CPE does not have */
  async askOptional<Rpc extends CwmpRpc>(request: Extract<CwmpRequest, { method: Rpc }>): Promise<CwmpResponseOf<Rpc>> {
    const [task] = await this.tell(request);
    const message = messageOf(task!.answer);
    if (message?.method === "Fault" && message.faultCode === CPE_FAULTS.methodNotSupported)
      throw new NotApplicable(`the CPE has no ${request.method}`);
    return this.response<Rpc>(task!, request.method as Rpc, `to ${request.method}`);
  }

  /** A session past the gate of the ACS. @param why what is wrong where the CPE comes to the gate and no further */
  async callPast(why: string): Promise<HeardSession> {
    const { gate } = this.acs;
    let seen = 0;
    this.acs.gate = (ask) => {
      const gated = gate(ask);
      if (gated !== undefined) seen = this.log.last;
      return gated;
    };
    try {
      return await this.call();
    } catch (error) {
      if (seen === 0 || !(error instanceof CannotTest)) throw error;
      throw new CaseFailure("no-session", why, seen);
    }
  }

  response<Rpc extends CwmpRpc>(task: TesterTask, rpc: Rpc, when: string): CwmpResponseOf<Rpc> {
    const message = this.answered(task, when);
    if (message.method === "Fault")
      throw new CaseFailure("wrongly-refused", `${faultWords(message)} ${when}`, task.answer!.exchange);
    if (message.method !== `${rpc}Response`)
      throw new CaseFailure("wrong-answer", `${message.method} ${when}`, task.answer!.exchange);
    return message as CwmpResponseOf<Rpc>;
  }

  /** @param wanted codes that will do */
  async refused(question: Question, wanted: readonly number[], when: string): Promise<CwmpFault> {
    const [task] = await this.tell(question);
    return this.fault(task!, wanted, when);
  }

  fault(task: TesterTask, wanted: readonly number[], when: string): CwmpFault {
    const message = this.answered(task, when);
    const { exchange } = task.answer!;
    if (message.method !== "Fault") throw new CaseFailure("wrongly-accepted", `${message.method} ${when}`, exchange);
    if (!wanted.includes(message.faultCode))
      throw new CaseFailure("wrong-fault", `${faultWords(message)} ${when}, not ${wanted.join(" or ")}`, exchange);
    return message;
  }

  answered(task: TesterTask, when: string): NonNullable<ReturnType<typeof messageOf>> {
    const { answer } = task;
    if (answer === undefined) throw new CaseFailure("no-answer", `no answer ${when}`, this.log.last);
    const message = messageOf(answer);
    if (message !== undefined) return message;
    if (answer.reading === undefined) throw new CaseFailure("no-answer", `an empty POST ${when}`, answer.exchange);
    const problem = answer.reading.ok ? "" : answer.reading.fault.problem;
    throw new CaseFailure("unreadable-answer", `an answer that cannot be read ${when}: ${problem}`, answer.exchange);
  }

  /** A session with all of these events. @param from session from which on it counts */
  async informed(codes: readonly string[], limitMs: number, from = this.acs.sessions.length): Promise<HeardSession> {
    const find = (): HeardSession | undefined =>
      this.acs.sessions.slice(from).find((session) => codes.every((code) => codesOf(session).includes(code)));
    if (await this.until(() => find() !== undefined, limitMs)) return find()!;
    const heard = this.acs.sessions.slice(from).map((session) => codesOf(session).join(", "));
    const what = heard.length === 0 ? "no Inform" : `Informs with ${heard.join("; ")}`;
    throw new CaseFailure("no-inform", `${what}; one with ${codes.join(" and ")} is awaited`, this.log.last);
  }

  get completes(): HeardComplete[] {
    return this.acs.sessions.flatMap((session) =>
      session.posts.flatMap((post) => {
        const message = messageOf(post);
        return message?.method === "TransferComplete" ? [{ message, session, post }] : [];
      }),
    );
  }

  completesOf(commandKey: string): HeardComplete[] {
    return this.completes.filter(({ message }) => message.commandKey === commandKey);
  }

  /**
   * The TransferComplete of a transfer. One whose key is none of ours counts, too: which keys come back is for other cases.
   *
   * @param isStrict the key has to be right
   */
  async completed(
    commandKey: string,
    { limitMs = CWMP_LIMITS.transferMs, isStrict = false }: { limitMs?: number; isStrict?: boolean } = {},
  ): Promise<HeardComplete> {
    const stranger = (): HeardComplete | undefined =>
      this.completes.find(({ message }) => !this.issued.has(message.commandKey));
    const find = (): HeardComplete | undefined => this.completesOf(commandKey)[0] ?? stranger();
    if (!(await this.until(() => find() !== undefined, limitMs)))
      throw new CaseFailure("no-report", "no TransferComplete came", this.log.last, "A.3.3.2");
    await this.quiet();
    const found = find()!;
    const { message, post } = found;
    if (!isStrict || message.commandKey === commandKey) return found;
    const what = `TransferComplete with CommandKey "${message.commandKey}", not "${commandKey}"`;
    throw new CaseFailure("wrong-key", what, post.exchange, "A.3.3.2");
  }

  /** A file to be fetched. @returns its URL */
  serve(name: string, rule: ServedRule): string {
    this.files.put(name, rule);
    return `${this.way.origin}${FILES_PATH}${name}`;
  }

  /** @throws CannotTest */
  async powerCycle(): Promise<void> {
    if (this.way.powerCycle === undefined) throw new CannotTest("nobody can switch its power: --restart-command");
    this.log.note("its power is taken away, and given back");
    this.acs.drop();
    await this.way.powerCycle();
  }

  /** What the case changed of the answers is as ever; a session that goes on comes to its end. */
  async settle(): Promise<void> {
    this.acs.reset();
    await this.quiet();
  }

  async prepare(preconditions: readonly CwmpPrecondition[]): Promise<void> {
    for (const each of preconditions) {
      const why = this.#missing(each);
      if (why !== "") throw new CannotTest(why);
    }
  }

  #missing(precondition: CwmpPrecondition): string {
    switch (precondition) {
      case "connection":
        return this.canConnect ? "" : "the CPE takes no connection requests";
      case "image":
        return this.image === undefined ? "no image was given: --image" : "";
      case "untrusted":
        return this.image?.untrusted === undefined ? "no image of another signer was given: --untrusted-image" : "";
      case "power":
        return this.way.powerCycle === undefined ? "nobody can switch its power: --restart-command" : "";
      case "revoked":
        return this.way.revokedOrigin === undefined ? "no server with a revoked certificate: --revoked-pki" : "";
      case "password":
        return this.known.password === undefined ? "the CPE's name and password are not known: --username" : "";
      case "caller":
        return "";
    }
  }
}

export const faultWords = ({ faultCode, faultString }: Pick<CwmpFault, "faultCode" | "faultString">): string =>
  `fault ${faultCode} (${faultString === "" ? faultText(faultCode) : faultString})`;
