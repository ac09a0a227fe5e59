/** One ONT that listens at the far end of the fibre, and what is between it and the feeder. */
import type { SectionSpan, SectionSpanCollector, Trailer } from "../omci/index.ts";
import type { Link } from "./impairments/link.ts";

export type DownstreamChannel = "omcc" | "broadcast";

/** One ONT that listens: its port, its drop fibre, where its frames go. */
export interface DownstreamListener {
  /** Port-ID of its OMCC; -1 while it is not ranged: it hears nothing then. */
  portId: number;
  /** How frames on its OMCC are sealed; broadcast frames have the receiver's own. */
  trailer: Trailer;
  /** Its drop fibre, see `createDropFibre`. */
  links: { broadcast: Link; unicast: Link };
  /** Hot path; the span is reused after the call. */
  onSections: (channel: DownstreamChannel, span: SectionSpan) => void;
  /** Any other frame, without its trailer; valid during the call. */
  onFrame: (channel: DownstreamChannel, pdu: Uint8Array) => void;
  /** Frames that do not reach it, by cause: the kind of impairment, or what was wrong with them. */
  onDropped: (cause: string) => void;
}

export interface Ear {
  listener: DownstreamListener;
  index: number;
  /** Joins what comes out of the delay line. */
  delayed: Record<DownstreamChannel, SectionSpanCollector>;
}

export const linkOf = ({ listener }: Ear, channel: DownstreamChannel): Link =>
  channel === "broadcast" ? listener.links.broadcast : listener.links.unicast;

export const trailerOf = (ear: Ear, channel: DownstreamChannel, broadcastTrailer: Trailer): Trailer =>
  channel === "broadcast" ? broadcastTrailer : ear.listener.trailer;
