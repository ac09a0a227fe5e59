/** One of our ONTs in real time, as the counterpart that an OLT under test downloads to. */
import { caughtLine, Guard, InputError } from "../../base/errors/index.ts";
import { createSocket, type RemoteInfo } from "node:dgram";
import { join } from "node:path";
import type { QuirkProfile } from "../../ont/index.ts";
import { pduLength } from "../../omci/index.ts";
import { isIPv4 } from "node:net";
import type { SelfImages } from "../targets/self.ts";
import { selfTarget } from "../targets/self.ts";
import { FrameForms } from "./frame-form.ts";
import { OltJudge } from "./judge.ts";
import { OntCapture } from "./ont-capture.ts";

/** Our ONT's time follows the real one in steps of this. */
const TURN_MS = 2;

/** One of our ONTs that waits on a UDP port for somebody's OLT: one OMCI frame a datagram. */
export interface ServedOnt {
  readonly port: number;
  readonly judge: OltJudge;
  /** File with all that was sent and answered, once it is closed; undefined when there is none. */
  readonly capture: string | undefined;
  /** Datagrams that came, and when the last one did (`performance.now()`); 0 = none yet. */
  readonly seen: { datagrams: number; lastMs: number };
  /** Frames of a wrong trailer, or in another form than the peer's first ones: as a receiver does, it drops them. */
  readonly droppedFrames: number;
  close(): void;
}

export interface ServeOptions {
  address: string;
  /** 0 = any. */
  port: number;
  quirk: QuirkProfile;
  images: SelfImages;
  /** Where its frames are captured, in a file named by its port. */
  captureFolder?: string | undefined;
  onCaptureFault?: (line: string) => void;
}

/** @throws Error when the port cannot be had */
export async function serveOnt(options: ServeOptions): Promise<ServedOnt> {
  const { address, port, quirk, images } = options;
  if (!isIPv4(address)) throw new InputError(`${address} is not an IPv4 address`);
  const ont = await selfTarget(quirk, images).open();
  let capture: OntCapture | undefined;
  const judge = new OltJudge((rule, cause) => capture?.failure(rule, cause));
  const socket = createSocket("udp4");
  const seen = { datagrams: 0, lastMs: 0 };
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
  const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
  const take = guard.wrap("datagram", (datagram: Uint8Array, remote: RemoteInfo) => {
    seen.datagrams++;
    seen.lastMs = performance.now();
    // A datagram may say that it comes from where nothing can be sent to.
    reply = guard.wrap("answer", (bytes: Uint8Array) => socket.send(bytes, remote.port, remote.address));
    catchUp();
    const taken = forms.take(`${remote.address} ${remote.port}`, datagram);
    if (taken !== undefined) judge.request(taken.pdu);
    capture?.frame("down", datagram);
    if (taken === undefined) return;
    // As the OLT does it: with the CRC-32 behind its frames or without.
    ({ hasTrailer } = taken);
    ont.send(taken.pdu);
  });
  socket.on("message", take);
  await new Promise<void>((done, fail) => {
    socket.once("error", fail);
    socket.bind({ port, address, exclusive: true }, done);
  });
  const { captureFolder, onCaptureFault = () => undefined } = options;
  const boundPort = socket.address().port;
  if (captureFolder !== undefined) {
    const path = join(captureFolder, `ont-${boundPort}.pcapng`);
    capture = new OntCapture(path, quirk, onCaptureFault);
  }
  const timer = setInterval(catchUp, TURN_MS);
  let captured: string | undefined;
  return {
    port: boundPort,
    judge,
    get capture() {
      return captured;
    },
    seen,
    get droppedFrames() {
      return forms.dropped;
    },
    close: () => {
      clearInterval(timer);
      ont.close();
      socket.close();
      captured = capture?.finish(judge.findings());
      capture = undefined;
    },
  };
}
