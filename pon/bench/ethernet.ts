/**
 * Raw Ethernet: `eth:<interface>[/<mac>]`, EtherType 0x88B5 (IEEE 802, local experimental 1), one OMCI frame in each.
 * Node.js has no raw sockets. `socat` opens one, as a process of its own, and hands datagrams on over the loopback: no native
 * code comes with this project, and the right to raw sockets (CAP_NET_RAW) is socat's alone, not that of all that runs here.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { caughtLine, Guard } from "../../base/errors/index.ts";
import { unpadded } from "../../omci/index.ts";
import type { OpenRoad, BenchRoad, RoadEnd, RoadHandlers } from "./road.ts";
import { RoadError } from "./road-error.ts";

const ETHERTYPE = 0x88b5;
const MAC_BYTES = 6;
const TYPE_AT = 12;
const HEADER_BYTES = 14;
const PAYLOAD_BYTES_MIN = 46;
const ETHERNET_BROADCAST = Buffer.alloc(MAC_BYTES, 0xff);
/** packet(7): address family, a socket that has the header in its frames, what is behind the family in `sockaddr_ll`. */
const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCKADDR_LL_BYTES = 18;
const IFF_UP = 1;
/** Of what socat says: longer than any of its lines. */
const SAID_KEPT = 500;

/** @param mac of the device, `aa:bb:cc:dd:ee:ff`; without it frames go to all and come from anybody */
export const ethernetRoad = (name: string, card: string, mac: string | undefined): BenchRoad => ({
  name,
  hasTrailer: true,
  open: async (end, handlers) => {
    const road = new EthernetRoad(name, cardOf(name, card), end, macBytes(mac), handlers);
    await road.start();
    return road;
  },
});

const macBytes = (mac: string | undefined): Buffer | undefined =>
  mac === undefined ? undefined : Buffer.from(mac.replaceAll(/[:-]/g, ""), "hex");

interface Card {
  index: number;
  mtu: number;
  mac: Buffer;
}

/** @throws RoadError where the interface is not there, or down */
function cardOf(name: string, card: string): Card {
  const read = (what: string): string => {
    try {
      return readFileSync(`/sys/class/net/${card}/${what}`, "utf8").trim();
    } catch {
      throw new RoadError(`${name}: there is no interface ${card}; \`ip link\` names them`);
    }
  };
  const [index, mtu, flags] = [read("ifindex"), read("mtu"), read("flags")].map(Number);
  if ((flags & IFF_UP) === 0) throw new RoadError(`${name}: ${card} is down; \`ip link set ${card} up\``);
  return { index, mtu, mac: macBytes(read("address"))! };
}

class EthernetRoad implements OpenRoad {
  readonly waitingBytes = 0;
  readonly #name: string;
  readonly #card: Card;
  readonly #end: RoadEnd;
  /** The device, where it was named. */
  readonly #device: Buffer | undefined;
  #to: Buffer;
  readonly #handlers: RoadHandlers;
  readonly #socket: Socket = createSocket("udp4");
  #socat: ChildProcess | undefined;
  #isClosed = false;
  readonly #kill = (): void => void this.#socat?.kill("SIGKILL");

  constructor(name: string, card: Card, end: RoadEnd, device: Buffer | undefined, handlers: RoadHandlers) {
    this.#name = name;
    this.#card = card;
    this.#end = end;
    this.#device = device;
    this.#to = device ?? ETHERNET_BROADCAST;
    this.#handlers = handlers;
    const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
    this.#socket.on(
      "message",
      guard.wrap(name, (bytes: Buffer) => this.#take(bytes)),
    );
    // Of a socat that has ended; its end tells more.
    this.#socket.on("error", () => undefined);
  }

  /** Until socat has its socket. @throws RoadError */
  async start(): Promise<void> {
    this.#socket.bind(0, "127.0.0.1");
    await once(this.#socket, "listening");
    // The kernel takes the interface and the EtherType from the address, and hands over no other frames.
    const address = Buffer.alloc(SOCKADDR_LL_BYTES);
    address.writeUInt16BE(ETHERTYPE, 0);
    // Numbers of sockets and interfaces are in the machine's own order.
    const type = new Uint16Array(Uint8Array.of(ETHERTYPE >> 8, ETHERTYPE & 0xff).buffer)[0];
    address.set(new Uint8Array(Uint32Array.of(this.#card.index).buffer), 2);
    const raw = `SOCKET-DATAGRAM:${AF_PACKET}:${SOCK_RAW}:${type}:x${address.toString("hex")},bind=x${address.toString("hex")}`;
    const ours = `UDP4:127.0.0.1:${this.#socket.address().port},bind=127.0.0.1`;
    const socat = spawn("socat", ["-d", "-d", raw, ours], { stdio: ["ignore", "ignore", "pipe"] });
    this.#socat = socat;
    process.once("exit", this.#kill);
    const port = await this.#portOf(socat).catch((error: unknown) => {
      this.close();
      throw error;
    });
    await new Promise<void>((done) => this.#socket.connect(port, "127.0.0.1", done));
  }

  send(frame: Uint8Array): void {
    if (this.#isClosed) return;
    if (frame.length > this.#card.mtu) return this.#handlers.onDropped(`longer than the MTU of ${this.#card.mtu}`);
    const bytes = Buffer.alloc(HEADER_BYTES + Math.max(frame.length, PAYLOAD_BYTES_MIN));
    this.#to.copy(bytes, 0);
    this.#card.mac.copy(bytes, MAC_BYTES);
    bytes.writeUInt16BE(ETHERTYPE, TYPE_AT);
    bytes.set(frame, HEADER_BYTES);
    this.#socket.send(bytes, () => undefined);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    process.off("exit", this.#kill);
    this.#kill();
    this.#socket.close();
  }

  #take(bytes: Buffer): void {
    if (bytes.length < HEADER_BYTES || bytes.readUInt16BE(TYPE_AT) !== ETHERTYPE) return;
    const from = bytes.subarray(MAC_BYTES, 2 * MAC_BYTES);
    if (this.#device !== undefined && !this.#device.equals(from)) return;
    // Who asks is who is answered.
    if (this.#end === "ont") this.#to = Buffer.from(from);
    this.#handlers.onFrame(unpadded(bytes.subarray(HEADER_BYTES)));
  }

  /** Port that socat sends from, which it tells once all is open. */
  #portOf(socat: ChildProcess): Promise<number> {
    // It has a line to say of each frame: only what it said last is looked at.
    let told = "";
    let fault = "";
    return new Promise((done, fail) => {
      socat.once("error", () => fail(new RoadError(`${this.#name}: socat is needed (Debian: apt install socat)`)));
      socat.stderr!.on("data", (text: Buffer) => {
        told = `${told.slice(-SAID_KEPT)}${text.toString()}`;
        fault = /\] E (.*)/.exec(told)?.[1] ?? fault;
        const port = /from local address AF=2 127\.0\.0\.1:(\d+)\n/.exec(told)?.[1];
        if (port !== undefined) done(Number(port));
      });
      socat.once("close", (code) => {
        const why = `${this.#name}: ${refusalOf(fault || `socat has ended (exit code ${code})`)}`;
        fail(new RoadError(why));
        if (!this.#isClosed) this.#handlers.onEnd(why);
      });
    });
  }
}

const refusalOf = (fault: string): string =>
  fault.includes("not permitted")
    ? "raw sockets are not permitted; as root, or `sudo setcap cap_net_raw+ep $(readlink -f $(which socat))`"
    : fault.includes("Network is down")
      ? "the interface is down or gone"
      : fault;
