/** The client's end for `node:https`: an agent whose requests get a socket when its staple has been judged, and not before. */
import type { ClientRequestArgs } from "node:http";
import { Agent, type AgentOptions, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { type ClientIdentity, connectStapled, type GoodStaple, type StapleDemand } from "./client.ts";

type Done = (error: Error | null, socket: Duplex) => void;

/** Sessions are not resumed; a connection that is kept for the next request is kept as long as its staple is good. */
export class StapledAgent extends Agent {
  readonly #demand: StapleDemand;
  readonly #identity: ClientIdentity | undefined;
  readonly #staples = new WeakMap<Duplex, GoodStaple>();

  constructor({ identity, ...demand }: StapleDemand & { identity?: ClientIdentity }, options: AgentOptions = {}) {
    super({ ...options, maxCachedSessions: 0 });
    this.#demand = demand;
    this.#identity = identity;
  }

  override createConnection(options: RequestOptions & ClientRequestArgs, done?: Done): undefined {
    const { servername, port } = options;
    const request = {
      ...this.#demand,
      host: options.host ?? "localhost",
      port: Number(port),
      ...(typeof servername === "string" && servername !== "" && { servername }),
      ...(this.#identity !== undefined && { identity: this.#identity }),
    };
    connectStapled(request).then(
      ({ socket, staple }) => {
        if (staple !== undefined) this.#staples.set(socket, staple);
        done?.(null, socket);
      },
      // With an error there is no socket (Node.js's types do not say so).
      (error: Error) => (done as ((error: Error) => void) | undefined)?.(error),
    );
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const staple = this.#staples.get(socket);
    if (staple !== undefined && staple.nextUpdateSeconds <= this.#demand.nowSeconds()) return false;
    // Node.js says whether it keeps it; its types do not.
    const isKept: unknown = super.keepSocketAlive(socket);
    return isKept === true;
  }
}
