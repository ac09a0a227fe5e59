/** A serial line, or any other tty: `serial:/dev/ttyUSB0,115200`, `serial:/dev/pts/4`. */
import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { isatty, ReadStream } from "node:tty";
import { OctetRoad } from "./octets.ts";
import type { OpenRoad, BenchRoad, RoadHandlers } from "./road.ts";
import { RoadError } from "./road-error.ts";

/** 8 data bits, no parity, one stop bit, no flow control; no modem lines, no character that means anything. */
const LINE = ["raw", "-echo", "clocal", "-crtscts", "cs8", "-parenb", "-cstopb"];

/** @param bitsPerSecond undefined = as the line is set, for ttys that have no speed */
export const serialRoad = (name: string, path: string, bitsPerSecond: string | undefined): BenchRoad => ({
  name,
  hasTrailer: true,
  open: async (_end, handlers) => {
    await setLine(name, path, bitsPerSecond);
    return open(name, path, handlers);
  },
});

/** Node.js has no words for a line's settings; `stty` is on every system that has ttys. */
function setLine(name: string, path: string, bitsPerSecond: string | undefined): Promise<void> {
  const speed = bitsPerSecond === undefined ? [] : [bitsPerSecond];
  return new Promise((done, fail) => {
    execFile("stty", ["-F", path, ...speed, ...LINE], (error, _out, err) => {
      if (error === null) return done();
      // "stty: /dev/ttyUSB0: No such file or directory"
      const why = err.trim().split("\n", 1)[0]?.split(": ").at(-1) || error.message;
      fail(new RoadError(`${name}: ${why}`));
    });
  });
}

function open(name: string, path: string, handlers: RoadHandlers): OpenRoad {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  if (!isatty(fd)) {
    closeSync(fd);
    throw new RoadError(`${name}: ${path} is no tty`);
  }
  // It writes as well, and unlike tty.WriteStream it does not stand still when nobody reads.
  const line = new ReadStream(fd);
  let isOurs = false;
  const end = (why: string): void => {
    if (!isOurs) handlers.onEnd(`${name}: ${why}`);
    isOurs = true;
    line.destroy();
  };
  line.on("error", ({ code }: NodeJS.ErrnoException) => end(`the line is gone (${code ?? "error"})`));
  line.on("end", () => end("the other end has closed the line"));
  const road = new OctetRoad(name, { from: line, to: line }, handlers);
  return {
    get waitingBytes() {
      return road.waitingBytes;
    },
    send: (frame) => road.send(frame),
    close: () => {
      isOurs = true;
      line.destroy();
    },
  };
}
