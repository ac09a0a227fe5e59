/** The ACS in virtual time: its own core answers, with nothing of a network; its files are there for whoever asks. */
import { readCwmp, writeCwmp } from "../../../cwmp/index.ts";
import { Acs, type AcsConfig, type AcsReply, type AcsSession, FILES_PATH } from "../../../headend/acs/core/index.ts";
import { moduleOf } from "../../../headend/depot/core/index.ts";
import { rangeOf } from "../../../ont/agent/virtual/index.ts";
import type { CpeRequest } from "../../../ont/cpe/index.ts";
import type { NetAnswer } from "../../../ont/road/virtual/index.ts";
import { artifactOf } from "../../https/virtual/depot.ts";
import type { RunPayload } from "../../images/index.ts";
import type { VirtualHeadend } from "../../pull/virtual/road.ts";
import { acsDeviceOf } from "../facts.ts";

const ORIGIN = "https://acs.test";
const NOTHING = new Uint8Array(0);
/** As the server has it. */
const AGAIN_SECONDS = "30";
const NOBODY = { username: "", password: "" };
const encoder = new TextEncoder();

const empty = (status: number): NetAnswer => ({ status, headers: {}, body: NOTHING });

/** Asks a device for a session. */
type Connect = (device: string) => void;

export class VirtualAcs implements VirtualHeadend {
  readonly name = "the ACS";
  readonly asksAgain = true;
  readonly url = `${ORIGIN}/cwmp`;
  readonly #acs: Acs;
  readonly #files: ReadonlyMap<string, { bytes: Uint8Array; sha256: string }>;
  readonly #nowMs: () => number;
  readonly #connect: Connect;
  /** Gone with its process: a CPE begins anew. */
  readonly #sessions = new Map<string, AcsSession>();
  #isDown = false;

  constructor(config: AcsConfig, payloads: readonly RunPayload[], nowMs: () => number, connect: Connect) {
    const artifacts = payloads.map(artifactOf);
    this.#files = new Map(
      artifacts.map((artifact, number) => [
        `${ORIGIN}${FILES_PATH}${moduleOf(artifact)}`,
        { bytes: payloads[number].content, sha256: artifact.hashes.sha256 },
      ]),
    );
    // Who is there is not asked where nobody else can be.
    this.#acs = new Acs(config, artifacts, { file: () => NOBODY, connectionRequest: () => NOBODY });
    this.#nowMs = nowMs;
    this.#connect = connect;
  }

  readonly deviceOf = acsDeviceOf;

  get isDown(): boolean {
    return this.#isDown;
  }

  /** What it keeps has gone into its log before it answers. */
  setDown(isDown: boolean): void {
    this.#isDown = isDown;
    for (const session of this.#sessions.values()) session.abandon();
    this.#sessions.clear();
  }

  setPaused(isPaused: boolean): void {
    this.#acs.setPaused(isPaused);
  }

  leaveOut(device?: string): void {
    this.#acs.leaveOut(device);
    if (device !== undefined) this.#connect(device);
  }

  release(device: string): void {
    this.#acs.release(device);
    this.#connect(device);
  }

  /** Who is at nothing hears of it in time. */
  hold(device: string): void {
    this.#acs.hold(device);
    if (this.isAtWork(device)) this.#connect(device);
  }

  isAtWork(device: string): boolean {
    return this.#acs.isAtWork(device);
  }

  /** @param device by which its session is known: its cookie */
  answer(device: string, { url, body = "", headers }: CpeRequest): NetAnswer | undefined {
    if (this.#isDown) return undefined;
    if (url !== this.url) {
      if (this.#acs.isPaused) return { ...empty(503), headers: { "retry-after": AGAIN_SECONDS } };
      const file = this.#files.get(url);
      return file === undefined ? empty(404) : rangeOf(file, headers);
    }
    const reply = this.#sessionOf(device).handlePost(
      this.#nowMs(),
      body === "" ? undefined : readCwmp(encoder.encode(body)),
    );
    while (this.#acs.pollEvent() !== undefined);
    return answered(reply);
  }

  #sessionOf(device: string): AcsSession {
    const known = this.#sessions.get(device);
    if (known !== undefined && !known.isOver) return known;
    const session = this.#acs.openSession({ origin: ORIGIN });
    this.#sessions.set(device, session);
    return session;
  }
}

function answered(reply: AcsReply): NetAnswer {
  switch (reply.kind) {
    case "message":
      return { status: 200, headers: {}, body: encoder.encode(writeCwmp(reply.envelope)) };
    case "end":
      return empty(204);
    case "refused":
      return empty(reply.status);
  }
}
