/** Captures as other programs write them, assembled from the formats' descriptions. */

class Bytes {
  readonly #parts: Buffer[] = [];
  readonly #little: boolean;

  constructor(little: boolean) {
    this.#little = little;
  }

  u16(value: number): this {
    const part = Buffer.alloc(2);
    if (this.#little) part.writeUInt16LE(value);
    else part.writeUInt16BE(value);
    return this.raw(part);
  }

  u32(value: number): this {
    const part = Buffer.alloc(4);
    if (this.#little) part.writeUInt32LE(value);
    else part.writeUInt32BE(value);
    return this.raw(part);
  }

  u64(value: number): this {
    const [high, low] = [Math.floor(value / 2 ** 32), value % 2 ** 32];
    return this.#little ? this.u32(low).u32(high) : this.u32(high).u32(low);
  }

  raw(part: Uint8Array): this {
    this.#parts.push(Buffer.from(part));
    return this;
  }

  pad(): this {
    return this.raw(Buffer.alloc((4 - (this.all().length % 4)) % 4));
  }

  all(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

export function pcapFile(
  little: boolean,
  perSecond: number,
  packets: readonly { seconds: number; fraction: number; packet: Uint8Array }[],
): Buffer {
  const bytes = new Bytes(little).u32(perSecond === 1e9 ? 0xa1b23c4d : 0xa1b2c3d4);
  bytes.u16(2).u16(4).u32(0).u32(0).u32(65535).u32(1);
  for (const { seconds, fraction, packet } of packets)
    bytes.u32(seconds).u32(fraction).u32(packet.length).u32(packet.length).raw(packet);
  return bytes.all();
}

/** One section with a description of where it is from, a block that nobody knows, and statistics behind. */
export function pcapngFile(
  little: boolean,
  { resolution, offsetSeconds = 0 }: { resolution: number; offsetSeconds?: number },
  packets: readonly { ticks: number; packet: Uint8Array }[],
): Buffer {
  const file = new Bytes(little);
  const block = (type: number, body: Buffer): void => {
    file
      .u32(type)
      .u32(12 + body.length)
      .raw(body)
      .u32(12 + body.length);
  };
  const make = (): Bytes => new Bytes(little);
  block(0x0a0d0d0a, make().u32(0x1a2b3c4d).u16(1).u16(0).u64(0).all());
  block(0x00000bad, make().u32(0xffffffff).u32(1).all());
  const description = make().u16(1).u16(0).u32(0);
  description.u16(2).u16(4).raw(Buffer.from("eth0"));
  description
    .u16(9)
    .u16(1)
    .raw(Uint8Array.of(resolution, 0, 0, 0));
  description.u16(14).u16(8).u64(offsetSeconds);
  block(1, description.u16(0).u16(0).all());
  for (const { ticks, packet } of packets) {
    const body = make().u32(0);
    body.u32(Math.floor(ticks / 2 ** 32)).u32(ticks % 2 ** 32);
    body.u32(packet.length).u32(packet.length).raw(packet).pad();
    block(6, body.all());
  }
  block(5, make().u32(0).u64(0).all());
  return file.all();
}
