/** The vOMCI function's side: it connects, says hello, listens for what comes from the ONT, and sends what goes to it. */
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { type OpenRoad, ROAD_OPEN_MS, type RoadHandlers } from "../road.ts";
import { RoadError } from "../road-error.ts";
import { errorText, type HelloRequest, type HelloResponse, methods, type VomciMessage } from "./messages.ts";
import type { VomciAddress } from "./address.ts";

const ENDPOINT_NAME = "poncast";
const STEP_MS = 100;
/** A frame that is not taken so long is lost. */
const TAKEN_MS = 10_000;

const textOf = (error: ServiceError): string => (error.details || error.message).split("\n", 1)[0] ?? "";

/** @throws RoadError when nobody listens, or who does speaks no TR-451 */
export async function openVomciFunction(to: VomciAddress, handlers: RoadHandlers): Promise<OpenRoad> {
  const client = new Client(to.address, credentials.createInsecure());
  try {
    await connected(client);
    const hello = await sayHello(client);
    const oltName = to.oltName ?? hello.remoteEndpointHello?.endpointName ?? "";
    return new VomciFunctionRoad(client, { ...to, oltName }, handlers);
  } catch (error) {
    client.close();
    throw new RoadError(`${to.name}: ${(error as Error).message}`);
  }
}

async function connected(client: Client): Promise<void> {
  // In steps, as a wait cannot be cut short.
  for (let waitedMs = 0; waitedMs < ROAD_OPEN_MS - 5 * STEP_MS; waitedMs += STEP_MS) {
    const error = await new Promise((done) => client.waitForReady(Date.now() + STEP_MS, done));
    if (!error) return;
  }
  throw new Error("nobody listens for gRPC");
}

function sayHello(client: Client): Promise<HelloResponse> {
  const { path, requestSerialize, responseDeserialize } = methods.helloVomci;
  const request: HelloRequest = { localEndpointHello: { endpointName: ENDPOINT_NAME } };
  const options = { deadline: Date.now() + ROAD_OPEN_MS };
  return new Promise((done, fail) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, options, (error, response) => {
      if (error || response === undefined) fail(new Error(`HelloVomci: ${error ? textOf(error) : "no answer"}`));
      else done(response);
    });
  });
}

class VomciFunctionRoad implements OpenRoad {
  readonly #client: Client;
  readonly #to: VomciAddress & { oltName: string };
  readonly #handlers: RoadHandlers;
  readonly #cancel: () => void;
  /** Frames go one at a time: between calls gRPC knows no order. */
  readonly #waiting: Uint8Array[] = [];
  #isSending = false;
  #isClosed = false;

  constructor(client: Client, to: VomciAddress & { oltName: string }, handlers: RoadHandlers) {
    this.#client = client;
    this.#to = to;
    this.#handlers = handlers;
    const { path, requestSerialize, responseDeserialize } = methods.listenForVomciRx;
    const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {});
    stream.on("data", (message: VomciMessage) => this.#take(message));
    stream.on("error", (error: ServiceError) => this.#end(`ListenForVomciRx: ${textOf(error)}`));
    stream.on("end", () => this.#end("the pOLT has ended the stream of frames"));
    this.#cancel = () => stream.cancel();
  }

  get waitingBytes(): number {
    return this.#waiting.reduce((sum, { length }) => sum + length, 0);
  }

  send(frame: Uint8Array): void {
    if (this.#isClosed) return;
    this.#waiting.push(frame.slice());
    if (!this.#isSending) this.#next();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#cancel();
    this.#client.close();
  }

  #next(): void {
    const payload = this.#waiting.shift();
    this.#isSending = payload !== undefined;
    if (payload === undefined) return;
    const { oltName, channelTermination: chnlTermName, onuId } = this.#to;
    const message = { omciPacketMsg: { header: { oltName, chnlTermName, onuId }, payload } };
    const { path, requestSerialize, responseDeserialize } = methods.vomciTx;
    const options = { deadline: Date.now() + TAKEN_MS };
    this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, options, (error) => {
      if (error && !this.#isClosed) this.#handlers.onDropped(`VomciTx: ${textOf(error)}`);
      this.#next();
    });
  }

  #take({ omciPacketMsg: packet, errorMsg: error }: VomciMessage): void {
    if (error) return this.#handlers.onDropped(errorText(error));
    const { header, payload } = packet ?? {};
    const { oltName, channelTermination, onuId } = this.#to;
    if (payload === undefined || header?.onuId !== onuId || header.chnlTermName !== channelTermination) return;
    if (header.oltName !== oltName) return this.#handlers.onDropped(`of another OLT: ${header.oltName}`);
    this.#handlers.onFrame(payload);
  }

  #end(cause: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#handlers.onEnd(`${this.#to.name}: ${cause}`);
  }
}
