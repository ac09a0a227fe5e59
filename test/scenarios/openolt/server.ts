import {
  Server,
  type ServerWritableStream,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { referenceProfile } from "../../../ont/index.ts";
import type { Transport } from "../../../scenarios/conform/core/transport.ts";
import { type SelfImages, selfTarget } from "../../../scenarios/conform/process/self.ts";
import {
  type Indication,
  methods,
  type OmciMsg,
  type Onu,
  type SerialNumber,
  serialText,
} from "../../../scenarios/openolt/messages.ts";

const TURN_MS = 1;
const TRAILER_BYTES = 4;

interface Served {
  serialNumber: SerialNumber;
  ont: Transport;
  onuId: number;
}

/**
 * A small OpenOLT server with our ONTs behind it and the peculiarities of those in the field: frames come as hexadecimal text and go
 * up as bytes without a trailer, ONUs are announced one after the other, and answer only once they are activated.
 */
export class OpenOltServer {
  readonly #server = new Server();
  readonly #onus: Served[] = [];
  #stream: ServerWritableStream<object, Indication> | undefined;
  #timer: NodeJS.Timeout | undefined;
  port = 0;
  /** Commands that came, by name. */
  readonly calls = { activate: 0, omci: 0, notHex: 0 };

  /** @param speed how much faster than real time the ONTs live */
  static async start(onts: number, images: SelfImages, speed: number): Promise<OpenOltServer> {
    const made = new OpenOltServer();
    for (let index = 0; index < onts; index++) {
      const ont = await selfTarget(referenceProfile, images).open();
      const vendorSpecific = Uint8Array.of(0, 0, 0, index + 1);
      made.#onus.push({ serialNumber: { vendorId: Buffer.from("PCST"), vendorSpecific }, ont, onuId: -1 });
    }
    made.#addService();
    made.port = await new Promise<number>((done, fail) => {
      made.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        if (error) fail(error);
        else done(port);
      });
    });
    made.#live(speed);
    return made;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stream?.end();
    this.#server.forceShutdown();
  }

  /** The ONTs' virtual time follows the real one. */
  #live(speed: number): void {
    const startNs = this.#onus.map(({ ont }) => ont.nowNs());
    const epochNs = process.hrtime.bigint();
    for (const onu of this.#onus) {
      onu.ont.onFrame = (frame) => {
        const pkt = frame.subarray(0, frame.length - TRAILER_BYTES).slice();
        if (onu.onuId >= 0) this.#tell({ omciInd: { intfId: 0, onuId: onu.onuId, pkt } });
      };
    }
    this.#timer = setInterval(() => {
      const passedNs = Number(process.hrtime.bigint() - epochNs) * speed;
      this.#onus.forEach(({ ont }, index) => {
        while (ont.nowNs() < startNs[index] + passedNs) void ont.wait(startNs[index] + passedNs);
      });
    }, TURN_MS);
  }

  #tell(indication: Indication): void {
    this.#stream?.write(indication);
  }

  #addService(): void {
    const service = Object.fromEntries(
      Object.entries(methods).map(([name, { path, requestStream, responseStream, request, response }]) => [
        name,
        {
          path,
          requestStream,
          responseStream,
          requestDeserialize: request.decode,
          responseSerialize: response.encode as (value: object) => Buffer,
          requestSerialize: request.encode as (value: object) => Buffer,
          responseDeserialize: response.decode,
        },
      ]),
    );
    this.#server.addService(service as never, {
      enableIndication: (call: ServerWritableStream<object, Indication>) => {
        this.#stream = call;
        this.#tell({ oltInd: { operState: "up" } });
        for (const { serialNumber } of this.#onus) this.#tell({ onuDiscInd: { intfId: 0, serialNumber } });
      },
      activateOnu: ({ request }: ServerUnaryCall<Onu, object>, done: sendUnaryData<object>) => {
        this.calls.activate++;
        const onu = this.#onus.find(
          ({ serialNumber }) => serialText(serialNumber) === serialText(request.serialNumber),
        );
        if (onu) onu.onuId = request.onuId;
        done(null, {});
        this.#tell({ onuInd: { intfId: 0, onuId: request.onuId, operState: "up" } });
      },
      omciMsgOut: ({ request }: ServerUnaryCall<OmciMsg, object>, done: sendUnaryData<object>) => {
        this.calls.omci++;
        const text = Buffer.from(request.pkt).toString("latin1");
        if (!/^[0-9a-f]+$/.test(text)) this.calls.notHex++;
        this.#onus.find(({ onuId }) => onuId === request.onuId)?.ont.send(Uint8Array.from(Buffer.from(text, "hex")));
        done(null, {});
      },
    });
  }
}
