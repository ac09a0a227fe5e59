/** The pOLT's side: it listens, and one of our ONTs is behind it. */
import {
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import type { OpenRoad, RoadHandlers } from "../road.ts";
import { RoadError } from "../road-error.ts";
import {
  type HelloRequest,
  type HelloResponse,
  methods,
  NO_ROUTE_TO_ONU,
  type OnuHeader,
  type VomciMessage,
} from "./messages.ts";
import type { VomciAddress } from "./address.ts";

/** Name of a pOLT that is given none. */
const ENDPOINT_NAME = "poncast-polt";

/** @throws RoadError when it cannot listen there */
export async function openPolt(at: VomciAddress, handlers: RoadHandlers): Promise<OpenRoad> {
  const polt = new PoltRoad(at, handlers);
  await polt.listen();
  return polt;
}

class PoltRoad implements OpenRoad {
  readonly waitingBytes = 0;
  readonly #at: VomciAddress;
  readonly #handlers: RoadHandlers;
  readonly #server = new Server();
  /** Who listens, the last who came. */
  #listener: ServerWritableStream<object, VomciMessage> | undefined;
  /** Where the last frame came from, as whoever sent it writes it. */
  #header: OnuHeader;

  constructor(at: VomciAddress, handlers: RoadHandlers) {
    this.#at = at;
    this.#handlers = handlers;
    this.#header = { oltName: at.oltName ?? ENDPOINT_NAME, chnlTermName: at.channelTermination, onuId: at.onuId };
  }

  /** @throws RoadError */
  async listen(): Promise<void> {
    const { helloVomci, listenForVomciRx, vomciTx } = methods;
    this.#server.addService(
      { helloVomci, listenForVomciRx, vomciTx },
      {
        helloVomci: (_call: ServerUnaryCall<HelloRequest, HelloResponse>, done: sendUnaryData<HelloResponse>) =>
          done(null, { remoteEndpointHello: { endpointName: this.#at.oltName ?? ENDPOINT_NAME } }),
        listenForVomciRx: (stream: ServerWritableStream<object, VomciMessage>) => this.#listen(stream),
        vomciTx: (call: ServerUnaryCall<VomciMessage, object>, done: sendUnaryData<object>) => {
          done(null, {});
          this.#take(call.request);
        },
      },
    );
    await new Promise<void>((done, fail) => {
      this.#server.bindAsync(this.#at.address, ServerCredentials.createInsecure(), (error) => {
        if (error === null) done();
        else fail(new RoadError(`${this.#at.name}: cannot be listened on (${error.message.split("\n", 1)[0]})`));
      });
    });
  }

  send(payload: Uint8Array): void {
    this.#listener?.write({ omciPacketMsg: { header: this.#header, payload } });
  }

  close(): void {
    this.#listener?.end();
    this.#server.forceShutdown();
  }

  #listen(stream: ServerWritableStream<object, VomciMessage>): void {
    this.#listener?.end();
    this.#listener = stream;
    stream.on("cancelled", () => {
      if (this.#listener === stream) this.#listener = undefined;
    });
  }

  #take({ omciPacketMsg: packet }: VomciMessage): void {
    const { header, payload } = packet ?? {};
    if (header === undefined || payload === undefined) return this.#handlers.onDropped("no OMCI packet");
    const isOurs =
      header.onuId === this.#at.onuId &&
      header.chnlTermName === this.#at.channelTermination &&
      (this.#at.oltName ?? header.oltName) === header.oltName;
    if (!isOurs) {
      const errorDescription = `${header.oltName}/${header.chnlTermName}/${header.onuId}`;
      this.#listener?.write({ errorMsg: { errorCode: NO_ROUTE_TO_ONU, errorDescription } });
      return;
    }
    this.#header = header;
    this.#handlers.onFrame(payload);
  }
}
