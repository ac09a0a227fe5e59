/** Two ttys, each the other's far end, made by socat. */
import { spawn } from "node:child_process";

export interface PtyPair {
  near: string;
  far: string;
  end: () => void;
}

/** @param near, far where they are to be found; links that go with the pair */
export async function ptyPair(near: string, far: string): Promise<PtyPair> {
  const socat = spawn("socat", ["-d", "-d", ...[near, far].map((end) => `pty,raw,echo=0,link=${end}`)]);
  let told = "";
  await new Promise<void>((done, fail) => {
    socat.once("error", fail);
    socat.stderr.on("data", (text: Buffer) => {
      told += text.toString();
      if (told.includes("starting data transfer loop")) done();
    });
  });
  return { near, far, end: () => void socat.kill() };
}
