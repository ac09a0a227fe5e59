/** One connection of fastboot to the boot loader. No socket. */
import { FastbootDevice, type FastbootDeviceEvent, readFastbootLength } from "../../../base/recovery/index.ts";
import type { Loader } from "./loader.ts";
import type { LoaderAnswer } from "./types.ts";

/** Given out in frames of this size, so that both ends need no more memory at a time. */
const FRAME_BYTES = 1024 * 1024;

export class FastbootSession {
  readonly #loader: Loader;
  readonly #device: FastbootDevice;
  readonly #wake: () => void;
  #isLoading = false;
  #isClosed = false;
  /** The other side is no fastboot: the connection is to end. */
  problem: string | undefined;

  /** @param wake there is something to go out */
  constructor(loader: Loader, wake: () => void) {
    this.#loader = loader;
    this.#wake = wake;
    this.#device = new FastbootDevice((event) => this.#take(event));
  }

  push(bytes: Uint8Array): void {
    this.#device.push(bytes);
    this.#wake();
  }

  pollOut(): Uint8Array {
    return this.#device.pollOut();
  }

  /** The connection has ended: what was coming in is given up. */
  close(): void {
    this.#isClosed = true;
    if (this.#isLoading) this.#loader.stage.drop();
    this.#isLoading = false;
  }

  #take(event: FastbootDeviceEvent): void {
    switch (event.type) {
      case "bad":
        this.problem = event.problem;
        return;
      case "data":
        // The ONT may have restarted meanwhile.
        if (this.#isLoading && !this.#loader.stage.add(event.bytes)) this.#isLoading = false;
        if (!event.isLast) return;
        if (this.#isLoading) this.#loader.stage.close();
        this.#device.answer(this.#isLoading ? "OKAY" : "FAIL", "");
        this.#isLoading = false;
        return;
      case "command":
        return this.#command(event.text);
    }
  }

  #command(text: string): void {
    if (text.startsWith("download:")) return this.#download(readFastbootLength(text.slice("download:".length)));
    this.#loader.run(text, {
      info: (line) => this.#device.answer("INFO", line),
      done: (answer) => this.#done(answer),
    });
  }

  #done({ ok, text, bytes }: LoaderAnswer): void {
    if (this.#isClosed) return;
    if (bytes !== undefined) {
      this.#device.announce(bytes.length);
      for (let at = 0; at < bytes.length; at += FRAME_BYTES) this.#device.send(bytes.subarray(at, at + FRAME_BYTES));
    }
    this.#device.answer(ok ? "OKAY" : "FAIL", text);
    this.#wake();
  }

  #download(lengthBytes: number | undefined): void {
    const { stage } = this.#loader;
    const refuse = (text: string): void => this.#device.answer("FAIL", text);
    if (lengthBytes === undefined || lengthBytes === 0) return refuse("a download of no length");
    if (!this.#loader.isDiagnostic) return refuse("an image runs");
    if (stage.isOpen || this.#loader.isBusy) return refuse("busy");
    if (lengthBytes > stage.bytesMax) return refuse(`at most ${stage.bytesMax} octets are taken`);
    stage.open();
    this.#isLoading = true;
    this.#device.receive(lengthBytes);
  }
}
