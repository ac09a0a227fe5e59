/**
 * A whole run over a real road without its hours: the octets travel as they do on a bench, while the clock is our ONT's own,
 * which stands still until everything that was sent has arrived.
 */
import type { MessageSet } from "../../omci/index.ts";
import { crc32Trailer } from "../../omci/index.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import type { CaseReport } from "../../conform/core/outcome.ts";
import { runCases } from "../../conform/core/runner.ts";
import { selectCases } from "../../conform/core/select.ts";
import type { Target, Transport } from "../../conform/core/transport.ts";
import { selfImages, selfTarget } from "../../conform/targets/self.ts";
import type { OpenRoad, RoadHandlers } from "../../pon/bench/index.ts";
import { referenceProfile } from "../../ont/index.ts";

const TRAILER_BYTES = 4;
/** A frame that has not arrived by then is lost. */
const ARRIVAL_MS = 60_000;

export interface RoadRun {
  reports: CaseReport[];
  /** Frames that have arrived, each way. */
  down: number;
  up: number;
}

/**
 * Cases against our ONT at the far end of a road; all, if none are named.
 *
 * @param far opens the ONT's end of the road
 * @param near the target that leads there; opened once the far end is
 */
export async function runOverRoad(
  far: (handlers: RoadHandlers) => Promise<OpenRoad>,
  near: Target,
  {
    messageSet = "baseline",
    hasTrailer = true,
    only = [],
  }: { messageSet?: MessageSet; hasTrailer?: boolean; only?: readonly string[] } = {},
): Promise<RoadRun> {
  const images = selfImages();
  const ont = await selfTarget(referenceProfile, images).open();
  const counts = { sentDown: 0, down: 0, sentUp: 0, up: 0 };
  let arrived: () => void = () => undefined;
  const road = await far({
    onFrame: (frame) => {
      counts.down++;
      const isWhole = !hasTrailer || crc32Trailer.check(frame, 0, frame.length);
      if (isWhole) ont.send(hasTrailer ? frame.subarray(0, -TRAILER_BYTES) : frame);
      arrived();
    },
    onEnd: () => undefined,
    onDropped: () => undefined,
  });
  ont.onFrame = (frame) => {
    counts.sentUp++;
    road.send(hasTrailer ? frame : frame.subarray(0, -TRAILER_BYTES));
  };
  const settled = async (): Promise<void> => {
    const isSettled = (): boolean => counts.down >= counts.sentDown && counts.up >= counts.sentUp;
    if (isSettled()) return;
    await new Promise<void>((done, fail) => {
      const limit = setTimeout(() => fail(new Error(`frames were lost: ${JSON.stringify(counts)}`)), ARRIVAL_MS);
      arrived = () => {
        if (!isSettled()) return;
        clearTimeout(limit);
        arrived = () => undefined;
        done();
      };
    });
  };
  const target: Target = {
    name: near.name,
    isFreshEachCase: false,
    open: async () => {
      const real = await near.open();
      let hasCome = false;
      real.onFrame = (frame) => {
        counts.up++;
        hasCome = true;
        transport.onFrame(frame);
        arrived();
      };
      const transport: Transport = {
        name: real.name,
        timeScale: 1,
        sectionGapNs: 0,
        onFrame: () => undefined,
        nowNs: () => ont.nowNs(),
        send: (pdu) => {
          counts.sentDown++;
          real.send(pdu);
        },
        ...(real.sendDamaged && {
          sendDamaged: (pdu: Uint8Array) => {
            counts.sentDown++;
            real.sendDamaged?.(pdu);
          },
        }),
        ...(real.sealed && {
          sealed: (pdu: Uint8Array, damaged: boolean) => real.sealed!(pdu, damaged),
          checkTrailer: (frame: Uint8Array) => real.checkTrailer!(frame),
        }),
        wait: async (deadlineNs) => {
          await settled();
          if (!hasCome) await ont.wait(deadlineNs);
          await settled();
          hasCome = false;
        },
        powerCycle: async () => {
          await settled();
          await ont.powerCycle?.();
          await settled();
        },
        close: () => real.close(),
      };
      return transport;
    },
  };
  try {
    const cases = selectCases(catalogue, { only: [...only], skip: [], messageSet });
    const reports = await runCases(cases, { target, messageSet, image: images.image });
    return { reports, down: counts.down, up: counts.up };
  } finally {
    road.close();
    void ont.close();
  }
}

/** What did not pass, with its reason. */
export const notPassed = (reports: readonly CaseReport[]): [string, string, string | undefined][] =>
  reports
    .filter(({ verdict }) => verdict !== "pass")
    .map(({ id, verdict, cause, fault }) => [id, verdict, cause ?? fault?.text]);
