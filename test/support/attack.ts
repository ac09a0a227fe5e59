/** An attack on a run: what a third knows how to forge, where to, and the process that sends it. */
import { type ChildProcess, fork } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { asMessage, crc32Trailer, encodeMessage, type MessageSet } from "../../omci/index.ts";
import {
  BROADCAST_PORT,
  BurstWriter,
  encodeRanging,
  LinkSeal,
  newTraffic,
  rangingMessage,
  SEAL_BYTES,
  SEAL_KIND,
} from "../../pon/index.ts";

export interface Targets {
  olt: number;
  group: { address: string; port: number };
  /** Ports of ONT processes. */
  onts: number[];
}

const hexPort = (text: string): number => Number.parseInt(text.split(":")[1], 16);
/** /proc/net/udp has addresses as the machine has them in memory: the last octet first. */
const addressOf = (text: string): string =>
  [6, 4, 2, 0].map((at) => Number.parseInt(text.slice(at, at + 2), 16)).join(".");

/** The UDP sockets of these processes alone: others' runs on this machine are nobody's business. */
export function targetsOf(oltPid: number, ontPids: readonly number[]): Targets | undefined {
  const inodes = new Map<string, "olt" | "ont">();
  const note = (pid: number, side: "olt" | "ont"): void => {
    try {
      for (const name of readdirSync(`/proc/${pid}/fd`)) {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1];
        if (inode !== undefined) inodes.set(inode, side);
      }
    } catch {
      // Gone, or a descriptor of it.
    }
  };
  note(oltPid, "olt");
  for (const pid of ontPids) note(pid, "ont");
  const found: { olt?: number; group?: Targets["group"]; onts: number[] } = { onts: [] };
  for (const line of readFileSync("/proc/net/udp", "latin1").split("\n").slice(1)) {
    const fields = line.trim().split(/\s+/);
    const side = inodes.get(fields[9] ?? "");
    if (side === undefined) continue;
    const [address, port] = [addressOf(fields[1]), hexPort(fields[1])];
    if (side === "olt") found.olt = port;
    else if (address.startsWith("239.")) found.group = { address, port };
    else found.onts.push(port);
  }
  const { olt, group, onts } = found;
  return olt === undefined || group === undefined || onts.length === 0 ? undefined : { olt, group, onts };
}

/** Start, End that aborts, Activate, Commit, Reboot, MIB reset and sections, in both message sets. */
function requests(messageSet: MessageSet): Uint8Array[] {
  const image = { classId: 7, messageSet };
  const bodies = [0, 1].flatMap((instanceId) => [
    {
      ...image,
      instanceId,
      type: "startDownloadRequest",
      windowSections: 31,
      imageBytes: 100_000,
      instances: [instanceId],
    },
    { ...image, instanceId, type: "endDownloadRequest", crc32: 0xffff_ffff, imageBytes: 0, instances: [instanceId] },
    { ...image, instanceId, type: "activateImageRequest", flags: 0 },
    { ...image, instanceId, type: "commitImageRequest" },
    {
      ...image,
      instanceId: 0xffff,
      type: "downloadSectionRequest",
      ackRequested: instanceId === 1,
      sectionNumber: 0,
      data: new Uint8Array(31).fill(0xee),
    },
  ]);
  const others = [
    { classId: 256, instanceId: 0, messageSet, type: "rebootRequest", flags: 0 },
    { classId: 2, instanceId: 0, messageSet, type: "mibResetRequest" },
  ];
  return [...bodies, ...others].map((body, index) => {
    const bytes = new Uint8Array(2000);
    return bytes.slice(
      0,
      encodeMessage(asMessage({ tci: 0x8000 + index, ...body } as Parameters<typeof asMessage>[0]), bytes),
    );
  });
}

/** As a burst that nobody sealed, and one that is sealed with another key. */
function bursts(portId: number, pdu: Uint8Array, isUp: boolean): Uint8Array[] {
  const made: Uint8Array[] = [];
  for (const headBytes of [0, SEAL_BYTES]) {
    const writer = new BurstWriter({
      encapsulation: "gem",
      burstBytes: 1400,
      headBytes,
      traffic: newTraffic(),
      send: (buffer, lengthBytes) => {
        const datagram = buffer.slice(0, lengthBytes);
        const kind = isUp ? SEAL_KIND.up : portId === BROADCAST_PORT ? SEAL_KIND.broadcast : SEAL_KIND.unicast;
        if (headBytes > 0) new LinkSeal(new Uint8Array(16).fill(9)).seal(datagram, lengthBytes, kind, 1, 1);
        made.push(datagram);
      },
    });
    writer.frame(portId, pdu, pdu.length, crc32Trailer);
    writer.flush();
  }
  return made;
}

/** Forged frames both ways and forged ranging, with serial numbers of the run and invented ones. */
export function arsenalFor(serials: readonly string[]): Uint8Array[] {
  const down = (["baseline", "extended"] as const)
    .flatMap((set) => requests(set))
    .flatMap((pdu) => [BROADCAST_PORT, 0, 1, 2, 3].flatMap((port) => bursts(port, pdu, false)));
  const answer = new Uint8Array(44);
  answer.set([0x80, 0x01, 0x33, 0x0a, 0, 7]);
  const up = [0, 1, 2, 3].flatMap((port) => bursts(port, answer, true));
  const kinds = ["request", "assign", "alive", "unknown", "signalLost", "probe"] as const;
  const invented = Array.from({ length: 300 }, (_, index) => `EVIL${(index + 1).toString(16).padStart(8, "0")}`);
  const ranging = [...serials, ...invented].flatMap((serial, index) =>
    kinds.map((kind) =>
      encodeRanging(rangingMessage({ kind, serial, onuId: index % 128, ontNonce: index, oltNonce: index })),
    ),
  );
  // Of these the first part is nearly all that matters: as many of each.
  return [...down, ...up, ...ranging];
}

/** The third process. */
export class Attack {
  readonly #child: ChildProcess;

  constructor(targets: Targets, arsenal: readonly Uint8Array[], ratePerSecond: number) {
    this.#child = fork(join(import.meta.dirname, "attacker.mjs"), [], { execArgv: [] });
    this.aim(targets);
    this.#child.send({ type: "arsenal", arsenal: arsenal.map((bytes) => Buffer.from(bytes).toString("base64")) });
    this.#child.send({ type: "start", ratePerSecond });
  }

  aim(targets: Targets): void {
    if (this.#child.connected) this.#child.send({ type: "targets", targets });
  }

  /** Ends it. @returns what it has sent */
  async stop(): Promise<{ datagrams: number; failed: number }> {
    const sent = new Promise<{ datagrams: number; failed: number }>((done) =>
      this.#child.once("message", (message) => done(message as { datagrams: number; failed: number })),
    );
    const gone = new Promise((done) => this.#child.once("exit", done));
    this.#child.send({ type: "stop" });
    const result = await sent;
    await gone;
    return result;
  }
}
