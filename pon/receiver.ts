import { newSectionView, readSection, SectionRunCollector, type SectionView } from "../omci/index.ts";
import type { SectionRun } from "../omci/section-run.ts";
import type { Trailer } from "../omci/trailer.ts";
import type { Encapsulation } from "./burst.ts";
import { BROADCAST_PORT, GemReader } from "./gem.ts";
import type { LossProcess } from "./loss.ts";

export type DownstreamChannel = "omcc" | "broadcast";

/** One ONT that listens: its port, its losses, where its frames go. */
export interface DownstreamListener {
  /** Port-ID of its OMCC; -1 while it is not ranged: it hears nothing then. */
  portId: number;
  /** How frames on its OMCC are sealed; broadcast frames have the receiver's own. */
  trailer: Trailer;
  lossBroadcast: LossProcess;
  lossUnicast: LossProcess;
  /** Hot path; the run is reused after the call. */
  onSections: (channel: DownstreamChannel, run: SectionRun) => void;
  /** Any other frame, without its trailer; valid during the call. */
  onFrame: (channel: DownstreamChannel, pdu: Uint8Array) => void;
  onDropped: (cause: string) => void;
}

interface Ear {
  listener: DownstreamListener;
  collectors: Record<DownstreamChannel, SectionRunCollector>;
}

/**
 * Takes datagrams apart for the ONTs of one process: one walk over the GEM frames, one trailer check and one decode for
 * all of them, then each ONT's own losses. Sections reach an ONT as runs.
 */
export class DownstreamReceiver {
  readonly #ears: Ear[] = [];
  readonly #encapsulation: Encapsulation;
  readonly #broadcastTrailer: Trailer;
  readonly #reader = new GemReader();
  readonly #view: SectionView = newSectionView();

  constructor(encapsulation: Encapsulation, broadcastTrailer: Trailer) {
    this.#encapsulation = encapsulation;
    this.#broadcastTrailer = broadcastTrailer;
  }

  add(listener: DownstreamListener): void {
    const collector = (channel: DownstreamChannel): SectionRunCollector =>
      new SectionRunCollector((run) => listener.onSections(channel, run));
    this.#ears.push({
      listener,
      collectors: { omcc: collector("omcc"), broadcast: collector("broadcast") },
    });
  }

  /** @param plainTo with plain encapsulation: the listener the datagram was addressed to, undefined = all. */
  datagram(bytes: Uint8Array, plainTo?: DownstreamListener): void {
    if (this.#encapsulation === "plain") {
      const ears = plainTo ? this.#ears.filter((ear) => ear.listener === plainTo) : this.#ears;
      this.#payload(bytes, 0, bytes.length, plainTo ? "omcc" : "broadcast", ears);
    } else {
      this.#reader.start(bytes);
      while (this.#reader.next()) this.#gemFrame(bytes);
      if (this.#reader.fault !== "none") this.#dropForAll(this.#reader.fault);
    }
    for (const { collectors } of this.#ears) {
      collectors.omcc.flush();
      collectors.broadcast.flush();
    }
  }

  #gemFrame(bytes: Uint8Array): void {
    const { portId, payloadStart, payloadEnd } = this.#reader;
    if (portId === BROADCAST_PORT) return this.#payload(bytes, payloadStart, payloadEnd, "broadcast", this.#ears);
    for (const ear of this.#ears) {
      if (ear.listener.portId === portId) return this.#payload(bytes, payloadStart, payloadEnd, "omcc", [ear]);
    }
    this.#dropForAll("other-port");
  }

  #payload(bytes: Uint8Array, start: number, end: number, channel: DownstreamChannel, ears: readonly Ear[]): void {
    const trailer = channel === "broadcast" ? this.#broadcastTrailer : ears[0].listener.trailer;
    const pduEnd = end - trailer.bytes;
    if (pduEnd <= start || !trailer.check(bytes, start, end)) {
      for (const { listener } of ears) listener.onDropped("bad-trailer");
      return;
    }
    const isSection = readSection(bytes, start, pduEnd, this.#view);
    for (const ear of ears) this.#hear(ear, bytes, start, pduEnd, channel, isSection);
  }

  #hear(ear: Ear, bytes: Uint8Array, start: number, end: number, channel: DownstreamChannel, isSection: boolean): void {
    const { listener, collectors } = ear;
    if (listener.portId < 0) return;
    const loss = channel === "broadcast" ? listener.lossBroadcast : listener.lossUnicast;
    if (loss.lose()) return listener.onDropped("lost");
    if (isSection) return collectors[channel].add(bytes, this.#view);
    // Frames keep their order: what is collected goes first.
    collectors[channel].flush();
    listener.onFrame(channel, bytes.subarray(start, end));
  }

  #dropForAll(cause: string): void {
    for (const { listener } of this.#ears) listener.onDropped(cause);
  }
}
