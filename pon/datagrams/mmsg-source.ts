/** Datagrams to a group by recvmmsg: as many as are there in one call, one behind the other in memory that stays hot. */
import { guard } from "./sockets.ts";
import { ARENA_STRIDE_BYTES, type DatagramSource, FOREIGN, type GroupAddress, type OnBatch } from "./source.ts";
import type { SystemCalls } from "./system-calls.ts";

/** Small datagrams come by dozens; of large ones no more than this have room in the cache. */
const BATCH = 32;
const BATCH_BYTES = 512 * 1024;
const DATAGRAM_BYTES_MAX = 65_536;

/** Of Linux on x64 and arm64: constants and structures (struct mmsghdr, msghdr, iovec, sockaddr_in). */
const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2_000_000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_RCVBUF = 8;
const IPPROTO_IP = 0;
const IP_ADD_MEMBERSHIP = 35;
const MSG_DONTWAIT = 0x40;
const MESSAGE_BYTES = 64;
const MESSAGE_WORDS = MESSAGE_BYTES / 4;
const NAME_AT = 0;
const NAME_BYTES_AT = 8;
const VECTOR_AT = 16;
const VECTORS_AT = 24;
const LENGTH_WORD = 14;
const VECTOR_BYTES = 16;
const NAME_BYTES = 16;
const INT_BYTES = 4;

const octetsOf = (address: string): number[] => address.split(".").map(Number);

/** The structure sockaddr_in. */
function nameOf(address: string, port: number): Uint8Array {
  const name = new Uint8Array(NAME_BYTES);
  new DataView(name.buffer).setUint16(0, AF_INET, true);
  new DataView(name.buffer).setUint16(2, port);
  name.set(octetsOf(address), 4);
  return name;
}

const intOf = (value: number): Uint8Array => new Uint8Array(Int32Array.of(value).buffer);

/** Where the system puts a batch, and what it says of it. All of it stays where it is. */
class Messages {
  readonly arena = new Uint8Array(BATCH * ARENA_STRIDE_BYTES);
  readonly lengths = new Int32Array(BATCH);
  readonly address: bigint;
  readonly #headers = new Int32Array(BATCH * MESSAGE_WORDS);
  readonly #vectors = new BigUint64Array((BATCH * VECTOR_BYTES) / 8);
  /** Senders. */
  readonly #names = new Int32Array((BATCH * NAME_BYTES) / 4);

  constructor(calls: SystemCalls) {
    const header = new DataView(this.#headers.buffer);
    const [arenaAt, vectorsAt, namesAt] = [this.arena, this.#vectors, this.#names].map((part) => calls.addressOf(part));
    this.address = calls.addressOf(this.#headers);
    for (let index = 0; index < BATCH; index++) {
      this.#vectors[2 * index] = arenaAt + BigInt(index * ARENA_STRIDE_BYTES);
      this.#vectors[2 * index + 1] = BigInt(DATAGRAM_BYTES_MAX);
      const at = index * MESSAGE_BYTES;
      header.setBigUint64(at + NAME_AT, namesAt + BigInt(index * NAME_BYTES), true);
      header.setUint32(at + NAME_BYTES_AT, NAME_BYTES, true);
      header.setBigUint64(at + VECTOR_AT, vectorsAt + BigInt(index * VECTOR_BYTES), true);
      header.setBigUint64(at + VECTORS_AT, 1n, true);
    }
  }

  /** Fills `lengths`. @param olt family, port and address as two words. @returns bytes of the batch */
  measure(count: number, olt: Int32Array): number {
    let bytes = 0;
    for (let index = 0; index < count; index++) {
      const isOlt = this.#names[4 * index] === olt[0] && this.#names[4 * index + 1] === olt[1];
      const length = this.#headers[index * MESSAGE_WORDS + LENGTH_WORD];
      this.lengths[index] = isOlt ? length : FOREIGN;
      bytes += length;
    }
    return bytes;
  }
}

export class MmsgSource implements DatagramSource {
  onBatch: OnBatch = () => undefined;
  readonly receiveBufferBytes: number;
  readonly #calls: SystemCalls;
  readonly #descriptor: number;
  readonly #messages: Messages;
  readonly #olt: Int32Array;
  readonly #poll: { close(): void };
  /** So many are asked for: by the bytes of those that came before. */
  #count = BATCH;

  private constructor(calls: SystemCalls, descriptor: number, { olt }: GroupAddress) {
    this.#calls = calls;
    this.#descriptor = descriptor;
    this.#messages = new Messages(calls);
    this.#olt = new Int32Array(nameOf(olt.address, olt.port).buffer);
    const granted = intOf(0);
    calls.getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, granted, intOf(INT_BYTES));
    this.receiveBufferBytes = new DataView(granted.buffer).getInt32(0, true);
    // What is thrown out of koffi's callback ends the process.
    const take = guard.wrap("datagrams to all ONTs", () => this.#take());
    this.#poll = calls.onReadable(descriptor, take);
  }

  /** @throws Error of the system */
  static open(where: GroupAddress, calls: SystemCalls): MmsgSource {
    const { address, group, port, olt, receiveBufferBytes } = where;
    const descriptor = calls.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const done = (result: number): void => {
      if (result < 0) throw calls.failure();
    };
    done(descriptor);
    const set = (level: number, name: number, value: Uint8Array): number =>
      calls.setsockopt(descriptor, level, name, value, value.length);
    try {
      done(set(SOL_SOCKET, SO_REUSEADDR, intOf(1)));
      // What the system grants is checked by the caller.
      set(SOL_SOCKET, SO_RCVBUF, intOf(receiveBufferBytes));
      // Bound to the group's address: another run's group on this host is not heard.
      done(calls.bind(descriptor, nameOf(group, port), NAME_BYTES));
      done(calls.connect(descriptor, nameOf(olt.address, olt.port), NAME_BYTES));
      done(set(IPPROTO_IP, IP_ADD_MEMBERSHIP, Uint8Array.from([...octetsOf(group), ...octetsOf(address)])));
      return new MmsgSource(calls, descriptor, where);
    } catch (error) {
      calls.close(descriptor);
      throw error;
    }
  }

  close(): void {
    this.#poll.close();
    this.#calls.close(this.#descriptor);
  }

  /** One batch for each turn of the loop: timers and the other socket have theirs in between. */
  #take(): void {
    const { arena, lengths, address } = this.#messages;
    const count = this.#calls.recvmmsg(this.#descriptor, address, this.#count, MSG_DONTWAIT, null);
    // Nothing there, or an error of the network that is told once: the loop looks again.
    if (count <= 0) return;
    const bytes = this.#messages.measure(count, this.#olt);
    this.#count = Math.max(1, Math.min(BATCH, Math.floor((BATCH_BYTES * count) / Math.max(bytes, 1))));
    this.onBatch(arena, lengths, count);
  }
}
