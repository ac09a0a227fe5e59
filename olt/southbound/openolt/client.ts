/** The gRPC connection to an OpenOLT server; ONUs and their numbers at the OLT core are in southbound.ts. */
import { Client, type ClientReadableStream, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { Guard } from "../../../base/errors/index.ts";
import { frameOf, payloadOf, PayloadProbe } from "./payload-form.ts";
import {
  type Codec,
  type Indication,
  methods,
  type OmciMsg,
  type Onu,
  type SerialNumber,
  serialText,
} from "./messages.ts";

const CONNECT_MS = 5000;
const CONNECT_STEP_MS = 100;
/** A command that is not answered so long is lost: frames behind it wait for room. */
const COMMAND_MS = 10_000;
/** And so long in the end, when somebody waits for the door to close. */
const LEAVE_MS = 2000;
/** An ONU that was taken off is announced anew within seconds, where it is at all. */
const REST_MS = 8000;
/** That it is down is said at once, where it is said. */
const DOWN_MS = 250;
/** What cannot be read is an indication of nothing: the stream goes on. */
const UNREADABLE: Indication = {};

/** What comes from an OpenOLT server. */
export interface OpenOltHandlers {
  /** An ONU was heard; it answers once it is activated. */
  onDiscovered: (intfId: number, serial: string, serialNumber: SerialNumber) => void;
  /** An ONU is up, or not any more. */
  onOnu: (intfId: number, onuId: number, isUp: boolean) => void;
  /** A frame of OMCI as the server hands it on: no trailer. */
  onOmci: (intfId: number, onuId: number, pdu: Uint8Array) => void;
  /** The server does not activate an ONU; one line. */
  onRefused: (intfId: number, serial: string, cause: string) => void;
  /** An indication that goes no further. */
  onDropped: (cause: string) => void;
  /** The server does not know a command that is needed; one line. */
  onUnable: (cause: string) => void;
  /** The stream of indications ended; one line. */
  onEnd: (cause: string) => void;
}

interface Frame {
  message: OmciMsg;
  done: () => void;
}

/** UNAVAILABLE and the like carry a text of their own; it may have several lines. */
const textOf = (error: ServiceError): string => (error.details || error.message).split("\n", 1)[0] ?? "";

/**
 * VOLTHA's southbound interface, as far as OMCI needs it: one stream of indications, commands beside it. Frames go down as
 * hexadecimal text or as bytes, whichever the server takes, and come up in either.
 */
export class OpenOltClient {
  readonly #client: Client;
  readonly #handlers: OpenOltHandlers;
  /** What it catches is a frame like any other that is dropped. */
  readonly #guard = new Guard(({ cause }) => this.#handlers.onDropped(cause));
  /** Frames behind the one that is on its way, of each ONU that has one. */
  readonly #waiting = new Map<string, Frame[]>();
  #stream: ClientReadableStream<Indication> | undefined;
  #isClosed = false;
  #isLeaving = false;
  /** The server is gone. */
  #isEnded = false;
  readonly #probe = new PayloadProbe((key, pkt, onRefused) => {
    const [intfId, onuId] = key.split("/").map(Number);
    this.#command(methods.omciMsgOut, "OmciMsgOut", { intfId, onuId, pkt }, (error) => error && onRefused());
  });
  readonly #activated = new Map<string, Onu>();
  /** Taken off, and not announced anew yet. */
  readonly #resting = new Set<string>();
  #onRested: () => void = () => undefined;

  constructor(address: string, handlers: OpenOltHandlers) {
    this.#client = new Client(address, credentials.createInsecure());
    this.#handlers = handlers;
  }

  /** Connects and asks for indications. @throws Error in one line when nobody answers */
  async start(): Promise<void> {
    await this.#connected();
    const { path, request, response } = methods.enableIndication;
    const read = (bytes: Uint8Array): Indication => this.#read(() => response.decode(bytes), UNREADABLE);
    const stream = this.#client.makeServerStreamRequest(path, request.encode, read, {});
    this.#stream = stream;
    const take = this.#guard.wrap("indication", (indication: Indication) => this.#take(indication));
    stream.on("data", take);
    stream.on("error", (error: ServiceError) => this.#ended(`EnableIndication: ${textOf(error)}`));
    stream.on("end", () => this.#ended("the server ended the indications"));
  }

  /** In steps, as a wait cannot be cut short. */
  async #connected(): Promise<void> {
    for (let waitedMs = 0; waitedMs < CONNECT_MS; waitedMs += CONNECT_STEP_MS) {
      const error = await new Promise((done) => this.#client.waitForReady(Date.now() + CONNECT_STEP_MS, done));
      if (this.#isClosed) throw new Error("interrupted");
      if (!error) return;
    }
    throw new Error(`no OpenOLT server answers within ${CONNECT_MS / 1000} s`);
  }

  #ended(cause: string): void {
    this.#isEnded = true;
    this.#onRested();
    // Cancelled by ourselves.
    if (!this.#isClosed && !this.#isLeaving) this.#handlers.onEnd(cause);
  }

  activate(intfId: number, onuId: number, serialNumber: SerialNumber): void {
    this.#activated.set(keyOf(intfId, onuId), { intfId, onuId, serialNumber });
    this.#command(methods.activateOnu, "ActivateOnu", { intfId, onuId, serialNumber }, (error) => {
      if (error) this.#handlers.onRefused(intfId, serialText(serialNumber), `ActivateOnu: ${textOf(error)}`);
    });
  }

  /**
   * Frames of one ONU go out one at a time: between calls gRPC knows no order, and a section that overtakes another looks
   * like a loss.
   *
   * @param done once the server has taken the frame, or not
   */
  send(intfId: number, onuId: number, pdu: Uint8Array, done: () => void = () => undefined): void {
    const pkt = payloadOf(this.#probe.form, pdu);
    const key = keyOf(intfId, onuId);
    const frame = { message: { intfId, onuId, pkt }, done };
    const waiting = this.#waiting.get(key);
    if (waiting) return void waiting.push(frame);
    this.#waiting.set(key, []);
    this.#sendFrame(key, frame);
  }

  /** Drops what waits for an ONU that has gone: it is not for its next life. */
  forget(intfId: number, onuId: number): void {
    const lost = this.#waiting.get(keyOf(intfId, onuId))?.splice(0) ?? [];
    for (const { done } of lost) done();
  }

  /**
   * Takes the ONUs off the server, so that it announces them to whoever comes next. A server that does not know how is left
   * as it is.
   */
  async leave(): Promise<void> {
    if (this.#isLeaving || this.#isClosed) return;
    this.#isLeaving = true;
    this.#probe.close();
    this.#waiting.clear();
    if (this.#isEnded) return this.close();
    const { path, request, response } = methods.deleteOnu;
    const left = (onu: Onu): Promise<void> =>
      new Promise((done) => {
        const read = (bytes: Uint8Array): object => this.#read(() => response.decode(bytes), {});
        const call = this.#client.makeUnaryRequest(path, request.encode, read, onu, {}, () => {
          clearTimeout(timer);
          done();
        });
        const timer = setTimeout(() => call.cancel(), LEAVE_MS);
      });
    await Promise.all([...this.#activated.values()].map(left));
    await this.#rest();
    this.close();
  }

  /** ONUs that were taken off and said so come back; whoever connects before finds some servers in the middle of that. */
  async #rest(): Promise<void> {
    const until = (ms: number): Promise<void> =>
      new Promise((done) => {
        const timer = setTimeout(done, ms);
        this.#onRested = () => {
          clearTimeout(timer);
          done();
        };
      });
    if (this.#activated.size > 0 && this.#resting.size === 0 && !this.#isEnded) await until(DOWN_MS);
    if (this.#resting.size > 0 && !this.#isEnded) await until(REST_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#probe.close();
    this.#waiting.clear();
    this.#stream?.cancel();
    this.#client.close();
  }

  #sendFrame(key: string, { message, done }: Frame): void {
    this.#command(methods.omciMsgOut, "OmciMsgOut", message, (error) => {
      // A frame that the server does not take is lost like any other; behind one that it never answered all are.
      const waiting = this.#waiting.get(key) ?? [];
      const lost = error?.code === status.CANCELLED ? waiting.splice(0) : [];
      const next = waiting.shift();
      if (next) this.#sendFrame(key, next);
      else this.#waiting.delete(key);
      for (const frame of [{ done }, ...lost]) frame.done();
    });
  }

  #command<Request>(
    { path, request, response }: { path: string; request: Codec<Request>; response: Codec<object> },
    name: string,
    message: Request,
    done: (error: ServiceError | null) => void,
  ): void {
    // What was under way ends behind the close, and would go on with what follows.
    if (this.#isClosed || this.#isLeaving) return;
    const taken = this.#guard.wrap(name, (error: ServiceError | null) => {
      clearTimeout(timer);
      if (error?.code === status.UNIMPLEMENTED) this.#handlers.onUnable(`${name}: ${textOf(error)}`);
      else done(error);
    });
    // What an answer says is not asked for: that it came is all.
    const read = (bytes: Uint8Array): object => this.#read(() => response.decode(bytes), {});
    const call = this.#client.makeUnaryRequest(path, request.encode, read, message, {}, taken);
    // Deadlines of gRPC are times of day: they come early or late when somebody sets the clock.
    const timer = setTimeout(() => call.cancel(), COMMAND_MS);
  }

  /** What is no message is dropped like a frame that is none. */
  #read<Message>(decode: () => Message, otherwise: Message): Message {
    try {
      return decode();
    } catch {
      this.#handlers.onDropped("unreadable");
      return otherwise;
    }
  }

  #takeLeaving(discovered: Indication["onuDiscInd"], onu: Indication["onuInd"]): void {
    if (onu && onu.operState !== "up") {
      const serialNumber = this.#activated.get(keyOf(onu.intfId, onu.onuId))?.serialNumber;
      if (serialNumber) this.#resting.add(`${onu.intfId} ${serialText(serialNumber)}`);
    } else if (discovered?.serialNumber) {
      this.#resting.delete(`${discovered.intfId} ${serialText(discovered.serialNumber)}`);
      if (this.#resting.size === 0) this.#onRested();
    }
  }

  #take({ onuDiscInd, onuInd, omciInd }: Indication): void {
    if (this.#isLeaving) return this.#takeLeaving(onuDiscInd, onuInd);
    if (onuDiscInd) {
      if (!onuDiscInd.serialNumber) return;
      const { intfId, serialNumber } = onuDiscInd;
      this.#handlers.onDiscovered(intfId, serialText(serialNumber), serialNumber);
    } else if (onuInd) {
      const { intfId, onuId } = onuInd;
      const key = keyOf(intfId, onuId);
      if (onuInd.operState === "up") return this.#probe.up(key, () => this.#handlers.onOnu(intfId, onuId, true));
      this.#probe.down(key);
      this.#handlers.onOnu(intfId, onuId, false);
    } else if (omciInd) {
      const pdu = frameOf(omciInd.pkt);
      if (!this.#probe.takes(pdu)) this.#handlers.onOmci(omciInd.intfId, omciInd.onuId, pdu);
    }
  }
}

const keyOf = (intfId: number, onuId: number): string => `${intfId}/${onuId}`;
