/** The way to an ONT at the end of a road of a bench: a line, a program, a socket, an interface. */
import type { TrailerPair } from "../../omci/index.ts";
import type { OpenRoad, BenchRoad } from "../../pon/bench/index.ts";
import { CannotTest, CaseFailure } from "../core/failure.ts";
import type { Target } from "../core/transport.ts";
import type { RealTimeOptions } from "./real-time.ts";
import { SealedTransport } from "./sealed.ts";
import { crc32Trailers, noTrailers } from "./trailers.ts";

export interface BenchTargetOptions extends RealTimeOptions {
  trailers?: TrailerPair;
}

/** A foreign ONT; one and the same through all cases. */
export const benchTarget = (road: BenchRoad, options: BenchTargetOptions): Target => ({
  name: road.name,
  isFreshEachCase: false,
  open: async () => {
    const transport = new BenchTransport(road, options);
    await transport.open();
    return transport;
  },
});

class BenchTransport extends SealedTransport {
  readonly name: string;
  readonly onuId?: number;
  lost: string | undefined;
  readonly #road: BenchRoad;
  #open: OpenRoad | undefined;
  #hasFailed = false;
  readonly #told = new Set<string>();

  constructor(road: BenchRoad, options: BenchTargetOptions) {
    super(options, options.trailers ?? (road.hasTrailer ? crc32Trailers : noTrailers));
    this.name = road.name;
    this.#road = road;
    if (road.onuId !== undefined) this.onuId = road.onuId;
  }

  /** @throws InputError when there is no way */
  async open(): Promise<void> {
    this.#open = await this.#road.open("olt", {
      onFrame: (frame) => this.deliver(frame),
      onEnd: (cause) => {
        this.lost = cause;
        this.wake();
      },
      onDropped: (cause) => {
        if (this.#told.has(cause)) return;
        this.#told.add(cause);
        process.stderr.write(`${this.name}: no frame: ${cause}; told once\n`);
      },
    });
  }

  /**
   * Nothing is waited for that cannot come. The case in which the road ended fails; there is nothing to test after it.
   */
  override async wait(deadlineNs: number): Promise<void> {
    this.#checkRoad();
    await super.wait(deadlineNs);
    this.#checkRoad();
  }

  close(): void {
    this.#open?.close();
  }

  protected transmit(frame: Uint8Array): void {
    this.#open?.send(frame);
  }

  #checkRoad(): void {
    if (this.lost === undefined) return;
    if (this.#hasFailed) throw new CannotTest(this.lost);
    this.#hasFailed = true;
    throw new CaseFailure("does-not-come-back", this.lost);
  }
}
