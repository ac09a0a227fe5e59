import { randomInt } from "node:crypto";
import { CRC32_INIT, crc32Finish, crc32Update } from "../../omci/index.ts";
import { openImageSource } from "../../image/index.ts";
import { OltSocket } from "../../pon/index.ts";
import { createOlt } from "../core/olt.ts";
import { startClock } from "./clock.ts";
import { OltDriver, type OltDriverHandlers } from "./driver.ts";
import { OltLink } from "./link.ts";
import type { OltAddress, OltProcessConfig, OltReport } from "./protocol.ts";
import { linkTrailers } from "./trailers.ts";

/** A running OLT. */
export interface RunningOlt {
  readonly address: OltAddress;
  snapshot(): OltReport;
  /** Reports a last time and closes the socket. */
  stop(): void;
}

/**
 * Starts an OLT in this process: `poncast olt`, and what the OLT process of a run does.
 *
 * @throws NetworkError when it cannot listen, ImageError when the image cannot be used
 */
export async function startOlt(config: OltProcessConfig, handlers: OltDriverHandlers): Promise<RunningOlt> {
  const crc32 = { init: CRC32_INIT, update: crc32Update, finish: crc32Finish };
  const image = openImageSource(config.imagePath, { crc32, force: config.olt.force });
  const socket = await OltSocket.open({ interface: config.interface }, config.port);
  const core = createOlt(config.olt, image);
  const now = startClock(config.epochNs);
  const link = new OltLink(socket, config.encapsulation, linkTrailers(config.trailer), randomInt(1, 2 ** 32 - 1), {
    onRanged: (onuId, serial) => core.handleRanged(now(), onuId, serial),
    onLinkLost: (onuId) => core.handleLinkLost(now(), onuId),
    onFrame: (onuId, pdu) => core.handleFrame(now(), onuId, pdu),
    onDropped: (onuId, cause) => driver.note({ type: "dropped", onuId, cause }),
    onRoom: () => driver.schedule(),
  });
  const driver = new OltDriver(core, link, now, handlers, config.promptEvents);
  socket.onMessage = (bytes, port, address) => {
    link.receive(now(), bytes, port, address);
    driver.schedule();
  };
  return {
    address: { address: socket.address, port: socket.port },
    snapshot: () => driver.snapshot(),
    stop() {
      driver.stop();
      link.close();
    },
  };
}
