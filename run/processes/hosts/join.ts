/** A host that brings a port to a run which another host owns: from the first word to its part of the result. */
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { systemClock } from "../../../base/clock/index.ts";
import { plural } from "../../../base/text/index.ts";
import { resolveInterface } from "../../../pon/index.ts";
import { lineOf, RunInputError, RunStoppedError } from "../../errors.ts";
import type { EndReason } from "../../types.ts";
import { Fetched } from "./fetched.ts";
import { servePort, type ToPort } from "./guest.ts";
import type { JoinOptions } from "./join-options.ts";
import { OwnerLine } from "./owner-line.ts";
import type { Assignment, ToHost } from "./protocol.ts";

/** An owner that has not answered by then is not there. */
const PATIENCE_MS = 60_000;
/** A port that is done waits so long for its owner at least; else until the run is over by its own limit. */
const FAREWELL_SECONDS_MIN = 60;
const LOOK_MS = 50;
const MS_PER_SECOND = 1000;

export interface JoinOutcome {
  pon: number;
  reason: EndReason;
  /** Why not all is as it should be; empty: its part of the result is with the owner. */
  text: string;
}

/**
 * Joins a run and serves the port that it is given.
 *
 * @throws RunInputError when the owner does not take this host as it is
 * @throws RunStoppedError when nobody answers, or another run does
 */
export async function joinRun(options: JoinOptions): Promise<JoinOutcome> {
  resolveInterface(options.interface);
  const { image } = options;
  const content = image === undefined ? undefined : readFileSync(image);
  const sha256 = content && createHash("sha256").update(content).digest("hex");
  const host = new JoiningHost(options);
  try {
    const { assignment, epochNs } = await host.join(sha256);
    return await serve(host, assignment, epochNs, options, content);
  } finally {
    host.line.stop();
  }
}

async function serve(
  host: JoiningHost,
  assignment: Assignment,
  epochNs: bigint,
  options: JoinOptions,
  image: Uint8Array | undefined,
): Promise<JoinOutcome> {
  const { pon, scenario, payloads, factories } = assignment;
  const { owner, onLine } = options;
  const { conversation } = host.line;
  try {
    if (image !== undefined) host.files.have(payloads[0].sha256, image);
    await host.unlessEnded(host.files.all([...payloads, ...factories.map(({ file }) => file)]));
    const fleet = `${plural(scenario.onts, "ONT")}${options.ontsElsewhere ? " elsewhere" : ""}`;
    const at = `${resolveInterface(options.interface)}:${assignment.port}`;
    onLine(`port ${pon} of ${scenario.name}: OLT on ${at}, ${fleet}, the owner is ${owner.address}:${owner.port}`);
    const result = await servePort(assignment, host.files, epochNs, options, {
      send: (message, mayBeLost) => conversation.send(message, mayBeLost),
      tell: (message) => conversation.tell(message),
      listen: (take) => host.listen(take),
    });
    conversation.send({ type: "over", result });
    const { reason } = result.ended;
    const text = (await host.farewell(scenario.olt.runSeconds)) || (reason === "interrupted" ? "" : result.ended.text);
    return { pon, reason, text };
  } catch (error) {
    // The owner waits for this port.
    conversation.send({ type: "failed", text: lineOf(error) });
    await host.farewell(0);
    throw error;
  }
}

class JoiningHost {
  readonly line: OwnerLine;
  readonly files: Fetched;
  readonly #options: JoinOptions;
  readonly #startedNs = process.hrtime.bigint();
  readonly #nowNs = systemClock(this.#startedNs);
  #failed: (error: Error) => void = () => undefined;
  /** Rejects when there is no going on. */
  readonly #ended = new Promise<never>((_done, failed) => (this.#failed = failed));
  #assigned: (assignment: Assignment) => void = () => undefined;
  #isAssigned = false;
  #hasComplained = false;
  #isStranger = false;
  /** What came before the port's processes were there. */
  #early: ToPort[] = [];
  #take: (message: ToPort) => void = (message) => void this.#early.push(message);

  constructor(options: JoinOptions) {
    this.#options = options;
    this.#ended.catch(() => undefined);
    const { signal } = options;
    signal.addEventListener("abort", () => this.#failed(new RunStoppedError("interrupted")), { once: true });
    this.line = new OwnerLine(options.owner, this.#nowNs, {
      onMessage: (message) => this.#handle(message),
      onState: (state) => this.#tellState(state),
      onFailed: (how, words) => this.#handleFailed(how, words),
    });
    this.files = new Fetched((message) => this.line.conversation.send(message));
  }

  get #owner(): string {
    const { address, port } = this.#options.owner;
    return `--join ${address}:${port}`;
  }

  /** @param image SHA-256 of the one that is here */
  async join(image: string | undefined): Promise<{ assignment: Assignment; epochNs: bigint }> {
    const patience = setTimeout(() => {
      this.#failed(new RunStoppedError(`${this.#owner}: nobody has answered in ${PATIENCE_MS / MS_PER_SECOND} s`));
    }, PATIENCE_MS);
    const assigned = new Promise<Assignment>((done) => (this.#assigned = done));
    this.line.conversation.send({ type: "join", build: this.#options.build, image });
    try {
      const assignment = await this.unlessEnded(assigned);
      return { assignment, epochNs: process.hrtime.bigint() - BigInt(Math.round(assignment.nowNs)) };
    } finally {
      clearTimeout(patience);
    }
  }

  /** Until that, or there is no going on. */
  unlessEnded<Value>(work: Promise<Value>): Promise<Value> {
    return Promise.race([work, this.#ended]);
  }

  listen(take: (message: ToPort) => void): void {
    this.#take = take;
    for (const message of this.#early.splice(0)) take(message);
  }

  /** Until the owner has all. @returns why it never will, a line; else empty */
  async farewell(runSeconds: number): Promise<string> {
    const { conversation } = this.line;
    const untilNs = Math.max(runSeconds * 1e9, this.#nowNs() + FAREWELL_SECONDS_MIN * 1e9);
    while (!conversation.isAllHeard) {
      const { signal } = this.#options;
      if (this.#isStranger) return "the owner's run is over: its part of the result is nobody's";
      if (signal.aborted && !conversation.isAttached) return "interrupted before the owner had its part of the result";
      if (this.#nowNs() > untilNs) return "the owner did not come back for its part of the result";
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
    return "";
  }

  #handle(message: ToHost): void {
    if (message.type === "assigned") {
      this.#isAssigned = true;
      this.#assigned(message.assignment);
    } else if (message.type === "refused" && this.#isAssigned) {
      // The owner of this port is gone, and so is its run.
      this.#isStranger = true;
      this.#take({ type: "stop" });
    } else if (message.type === "refused") this.#failed(new RunInputError(`${this.#owner}: ${message.reason}`));
    else if (message.type === "piece") this.files.handlePiece(message);
    else this.#take(message);
  }

  #tellState(state: "lost" | "found"): void {
    if (!this.#isAssigned) return;
    this.#options.onLine(`the owner ${state === "lost" ? "does not answer: this port goes on" : "answers again"}`);
  }

  #handleFailed(how: "unreachable" | "refused", words: string): void {
    if (this.#isAssigned) return;
    if (how === "refused")
      this.#failed(new RunInputError(`${this.#owner}: the owner does not take the key, see --pon-key`));
    else if (!this.#hasComplained) this.#options.onLine(`${this.#owner}: ${words}; it is asked again until it answers`);
    this.#hasComplained = true;
  }
}
