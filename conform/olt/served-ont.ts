/** One of our ONTs in real time, as the counterpart that an OLT under test downloads to. */
import { join } from "node:path";
import type { QuirkProfile } from "../../ont/index.ts";
import { pduLength } from "../../omci/index.ts";
import type { BenchRoad } from "../../pon/bench/index.ts";
import type { SelfImages } from "../targets/self.ts";
import { selfTarget } from "../targets/self.ts";
import { FrameForms } from "./frame-form.ts";
import { OltJudge } from "./judge.ts";
import { OntCapture } from "./ont-capture.ts";
import { openBenchRoad, openUdpRoad, type OntTake } from "./ont-road.ts";

/** Our ONT's time follows the real one in steps of this. */
const TURN_MS = 2;

/** One of our ONTs that waits for somebody's OLT: on a UDP port, one OMCI frame a datagram, or on a road of a bench. */
export interface ServedOnt {
  /** 0 = its road has none. */
  readonly port: number;
  /** `port 7100`, or the road as it was typed. */
  readonly where: string;
  readonly judge: OltJudge;
  /** File with all that was sent and answered, once it is closed; undefined when there is none. */
  readonly capture: string | undefined;
  /** Frames that came, when the last one did (`performance.now()`; 0 = none yet), and why no more can come, if so. */
  readonly seen: { datagrams: number; lastMs: number; ended: string };
  /** Frames of a wrong trailer, or in another form than the peer's first ones: as a receiver does, it drops them. */
  readonly droppedFrames: number;
  /** @param wasCut it was not the OLT who came to an end */
  close(wasCut?: boolean): void;
}

export interface ServeOptions {
  address: string;
  /** 0 = any. */
  port: number;
  /** In place of address and port. */
  road?: BenchRoad;
  quirk: QuirkProfile;
  images: SelfImages;
  /** How fast it reads back what it stored; End is answered "device busy" for so long. */
  flashBytesPerSecond: number;
  /** Where its frames are captured, in a file named by its port. */
  captureFolder?: string | undefined;
  onCaptureFault?: (line: string) => void;
}

/** @throws Error when the port cannot be had, or there is no such road */
export async function serveOnt(options: ServeOptions): Promise<ServedOnt> {
  const { address, port, quirk, images } = options;
  const ont = await selfTarget(quirk, images, options.flashBytesPerSecond).open();
  let capture: OntCapture | undefined;
  const judge = new OltJudge((rule, cause) => capture?.failure(rule, cause));
  const seen = { datagrams: 0, lastMs: 0, ended: "" };
  const startNs = ont.nowNs();
  const epochNs = process.hrtime.bigint();
  const catchUp = (): void => {
    const nowNs = startNs + Number(process.hrtime.bigint() - epochNs);
    while (ont.nowNs() < nowNs) void ont.wait(nowNs);
  };
  let reply: (bytes: Uint8Array) => void = () => undefined;
  let hasTrailer = true;
  const forms = new FrameForms();
  ont.onFrame = (frame) => {
    const pdu = frame.subarray(0, pduLength(frame));
    judge.answer(pdu);
    capture?.frame("up", hasTrailer ? frame : pdu);
    reply(hasTrailer ? frame : pdu);
  };
  const take: OntTake = (peer, datagram, answer) => {
    seen.datagrams++;
    seen.lastMs = performance.now();
    reply = answer;
    catchUp();
    const taken = forms.take(peer, datagram);
    // It sees those too that are dropped.
    judge.request(datagram);
    capture?.frame("down", datagram);
    if (taken === undefined) return;
    // As the OLT does it: with the CRC-32 behind its frames or without.
    ({ hasTrailer } = taken);
    ont.send(taken.pdu);
  };
  const way =
    options.road === undefined
      ? await openUdpRoad(address, port, take)
      : await openBenchRoad(options.road, take, (cause) => (seen.ended = cause));
  const { captureFolder, onCaptureFault = () => undefined } = options;
  if (captureFolder !== undefined)
    capture = new OntCapture(join(captureFolder, `${way.file}.pcapng`), quirk, onCaptureFault);
  const timer = setInterval(catchUp, TURN_MS);
  let captured: string | undefined;
  return {
    port: way.port,
    where: way.where,
    judge,
    get capture() {
      return captured;
    },
    seen,
    get droppedFrames() {
      return forms.dropped;
    },
    close: (wasCut = false) => {
      clearInterval(timer);
      void ont.close();
      way.close();
      captured = capture?.finish(judge.findings(wasCut));
      capture = undefined;
    },
  };
}
