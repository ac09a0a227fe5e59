/** A page's end of a stream, without a browser. */
import { type ClientRequest, get, type IncomingMessage } from "node:http";
import type { DashboardServer } from "../../../web/dashboard/index.ts";

/** To be ended behind each test. */
export const openStreams: ClientRequest[] = [];

/** Events of a stream as they come. */
export class Listener {
  readonly events: { id: string; name: string; data: string }[] = [];
  response!: IncomingMessage;
  #text = "";
  #wake: () => void = () => undefined;

  open(server: DashboardServer, path = "/events", headers: Record<string, string> = {}): Promise<void> {
    const [host, port] = server.address.split(":");
    return new Promise((done, fail) => {
      const sent = get(
        { host, port, path, headers: { authorization: `Bearer ${server.token}`, ...headers } },
        (response) => {
          this.response = response;
          response.on("data", (chunk: Buffer) => this.#take(chunk.toString()));
          done();
        },
      );
      sent.on("error", fail);
      openStreams.push(sent);
    });
  }

  async next(name: string): Promise<{ id: string; data: string }> {
    for (;;) {
      const at = this.events.findIndex((event) => event.name === name);
      if (at >= 0) return this.events.splice(0, at + 1).at(-1)!;
      await new Promise<void>((done) => (this.#wake = done));
    }
  }

  #take(chunk: string): void {
    this.#text += chunk;
    const parts = this.#text.split("\n\n");
    this.#text = parts.pop()!;
    for (const part of parts) {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(part)?.[1] ?? "";
      this.events.push({ id: field("id"), name: field("event"), data: field("data") });
    }
    this.#wake();
  }
}
