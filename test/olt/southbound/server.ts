/** An OpenOLT server for tests, with the habits and faults of those in the field. */
import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from "@grpc/grpc-js";
import type { BootPlan } from "../../../ont/core/types.ts";
import { referenceProfile } from "../../../ont/index.ts";
import { type SelfImages, SelfTransport } from "../../../conform/targets/self.ts";
import {
  type Indication,
  methods,
  type OmciMsg,
  type Onu,
  type SerialNumber,
  serialText,
} from "../../../olt/southbound/openolt/messages.ts";

const TURN_MS = 1;
const TRAILER_BYTES = 4;
const TCI_OVERTAKEN_MAX = 256;

/** Download section without AR, as a message type (G.988 11.2.2). */
const SECTION = 0x14;

interface Served {
  intfId: number;
  serialNumber: SerialNumber;
  serial: string;
  ont: SelfTransport;
  /** As activated; -1: discovered at most. */
  onuId: number;
  lastTci: number;
  hangs: boolean;
}

export interface ServedFleet {
  onts: number;
  images: SelfImages;
  /** How much faster than real time the ONTs live. */
  speed: number;
  /** PON interfaces that the ONTs are spread over. */
  interfaces?: number;
  /** What becomes of the new image when it boots, by the number of the ONT. */
  bootOf?: (index: number) => BootPlan;
  /** ONUs with these numbers are never up, whatever is asked. */
  dead?: readonly number[];
  /** OmciMsgOut of these is never answered, from their first section on. */
  hangs?: readonly number[];
  /** ActivateOnu of these is answered with an error. */
  refused?: readonly number[];
  /** Ends the indications and takes no more calls after so many frames. */
  dieAfterFrames?: number;
  /** Methods the server does not have. */
  without?: readonly (keyof typeof methods)[];
  /** Says that an ONU is down before it is discovered again; some servers do not. */
  tellsDown?: boolean;
  /** Repeats that an ONU is up with each frame of it. */
  saysUpTwice?: boolean;
  /** First of all an ONU is announced without a serial number. */
  announcesNobody?: boolean;
  /** Frames are taken as bytes; what comes as text is refused, or gets lost without a word. */
  takesRaw?: "refusesText" | "losesText";
}

/**
 * A small OpenOLT server with our ONTs behind it and the peculiarities of those in the field: frames come as hexadecimal
 * text and go up as bytes without a trailer, ONUs answer only once they are activated, and have to be activated again
 * when they have restarted.
 */
export class OpenOltServer {
  readonly #server = new Server();
  readonly #onus: Served[] = [];
  readonly #fleet: ServedFleet;
  #stream: ServerWritableStream<object, Indication> | undefined;
  #timer: NodeJS.Timeout | undefined;
  port = 0;
  /** Commands that came, by name. */
  readonly calls = { activate: 0, delete: 0, omci: 0, notHex: 0, overtaken: 0, hung: 0 };

  private constructor(fleet: ServedFleet) {
    this.#fleet = fleet;
    const { onts, images, interfaces = 1, bootOf } = fleet;
    for (let index = 0; index < onts; index++) {
      const ont = new SelfTransport(referenceProfile, images.images, bootOf?.(index));
      const serialNumber = { vendorId: Buffer.from("PCST"), vendorSpecific: Uint8Array.of(0, 0, 0, index + 1) };
      const serial = serialText(serialNumber);
      this.#onus.push({ intfId: index % interfaces, serialNumber, serial, ont, onuId: -1, lastTci: 0, hangs: false });
    }
  }

  static async start(fleet: ServedFleet): Promise<OpenOltServer> {
    const made = new OpenOltServer(fleet);
    made.#addService();
    made.port = await new Promise<number>((done, fail) => {
      made.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        if (error) fail(error);
        else done(port);
      });
    });
    made.#live();
    return made;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stream?.end();
    this.#server.forceShutdown();
  }

  /** The ONTs' virtual time follows the real one. */
  #live(): void {
    const startNs = this.#onus.map(({ ont }) => ont.nowNs());
    const epochNs = process.hrtime.bigint();
    for (const onu of this.#onus) {
      onu.ont.onFrame = (frame) => {
        const pkt = frame.subarray(0, frame.length - TRAILER_BYTES).slice();
        const { intfId, onuId, serialNumber } = onu;
        if (onuId >= 0 && this.#fleet.saysUpTwice)
          this.#tell({ onuInd: { intfId, onuId, operState: "up", serialNumber } });
        if (onu.onuId >= 0) this.#tell({ omciInd: { intfId: onu.intfId, onuId: onu.onuId, pkt } });
      };
      onu.ont.onLink = (isUp) => this.#link(onu, isUp);
    }
    this.#timer = setInterval(() => {
      const passedNs = Number(process.hrtime.bigint() - epochNs) * this.#fleet.speed;
      this.#onus.forEach(({ ont }, index) => {
        while (ont.nowNs() < startNs[index] + passedNs) void ont.wait(startNs[index] + passedNs);
      });
    }, TURN_MS);
  }

  #link(onu: Served, isUp: boolean): void {
    const { intfId, onuId, serialNumber } = onu;
    onu.onuId = -1;
    if (isUp) this.#tell({ onuDiscInd: { intfId, serialNumber } });
    else if (this.#fleet.tellsDown !== false && onuId >= 0)
      this.#tell({ onuInd: { intfId, onuId, operState: "down", serialNumber } });
  }

  #tell(indication: Indication): void {
    this.#stream?.write(indication);
  }

  #activate({ request }: ServerUnaryCall<Onu, object>, done: sendUnaryData<object>): void {
    this.calls.activate++;
    const { refused = [], dead = [] } = this.#fleet;
    const serial = serialText(request.serialNumber!);
    const index = this.#onus.findIndex((onu) => onu.serial === serial && onu.intfId === request.intfId);
    if (index < 0 || refused.includes(index))
      return done({ code: status.INTERNAL, details: "no such ONU\nand more that nobody wants to read" });
    done(null, {});
    if (dead.includes(index)) return;
    const onu = this.#onus[index]!;
    onu.onuId = request.onuId;
    const { intfId, serialNumber } = onu;
    this.#tell({ onuInd: { intfId, onuId: onu.onuId, operState: "up", serialNumber } });
  }

  #frame({ request }: ServerUnaryCall<OmciMsg, object>, done: sendUnaryData<object>): void {
    this.calls.omci++;
    const text = Buffer.from(request.pkt).toString("latin1");
    const isText = /^[0-9a-f]+$/.test(text);
    if (!isText) this.calls.notHex++;
    const { takesRaw } = this.#fleet;
    if (isText && takesRaw === "losesText") return done(null, {});
    if (isText !== (takesRaw === undefined)) return done({ code: status.UNKNOWN, details: "malformed" });
    const onu = this.#onus.find(({ intfId, onuId }) => intfId === request.intfId && onuId === request.onuId);
    const frame = isText ? Uint8Array.from(Buffer.from(text, "hex")) : Uint8Array.from(request.pkt);
    if (onu) this.#checkOrder(onu, frame);
    if (onu && this.#fleet.hangs?.includes(this.#onus.indexOf(onu))) onu.hangs ||= frame[2] === SECTION;
    if (onu?.hangs) return void this.calls.hung++;
    onu?.ont.send(frame);
    done(null, {});
    if (this.calls.omci === this.#fleet.dieAfterFrames) this.close();
  }

  /** Transaction numbers of one ONU rise; a low one after a high one is a wrap. */
  #checkOrder(onu: Served, frame: Uint8Array): void {
    const tci = frame[0]! * 256 + frame[1]!;
    if (tci < onu.lastTci && onu.lastTci - tci < TCI_OVERTAKEN_MAX) this.calls.overtaken++;
    onu.lastTci = tci;
  }

  #addService(): void {
    const missing: readonly string[] = this.#fleet.without ?? [];
    const served = Object.entries(methods).filter(([name]) => !missing.includes(name));
    const service = Object.fromEntries(
      served.map(([name, { path, requestStream, responseStream, request, response }]) => [
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
        if (this.#fleet.announcesNobody) this.#tell({ onuDiscInd: { intfId: 0 } });
        // One that is activated is somebody's: it is announced again once it was deleted.
        for (const { intfId, serialNumber, onuId } of this.#onus)
          if (onuId < 0) this.#tell({ onuDiscInd: { intfId, serialNumber } });
      },
      deleteOnu: ({ request }: ServerUnaryCall<Onu, object>, done: sendUnaryData<object>) => {
        this.calls.delete++;
        const onu = this.#onus.find(({ intfId, onuId }) => intfId === request.intfId && onuId === request.onuId);
        if (onu) onu.onuId = -1;
        if (onu) this.#tell({ onuDiscInd: { intfId: onu.intfId, serialNumber: onu.serialNumber } });
        done(null, {});
      },
      activateOnu: (call: ServerUnaryCall<Onu, object>, done: sendUnaryData<object>) => this.#activate(call, done),
      omciMsgOut: (call: ServerUnaryCall<OmciMsg, object>, done: sendUnaryData<object>) => this.#frame(call, done),
    });
  }
}
