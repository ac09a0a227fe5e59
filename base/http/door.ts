/** Limits of the HTTP servers, and what holds whoever keeps to none of them. */
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Caught, Guard } from "../errors/index.ts";

/** A request that is not here by then is none; Node looks once a second. */
const REQUEST_MS_MAX = 5000;
const LOOK_MS = 1000;
/** A connection on which nothing moves. */
const IDLE_MS_MAX = 5000;

export const SERVER_LIMITS: ServerOptions = {
  requestTimeout: REQUEST_MS_MAX,
  headersTimeout: REQUEST_MS_MAX,
  keepAliveTimeout: REQUEST_MS_MAX,
  connectionsCheckingInterval: LOOK_MS,
};

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Lets a server take requests. When there are too many connections the one that has been open longest gives way to the
 * newest: whoever opens them and waits holds up himself.
 *
 * @param listener may throw: the caller gets 500
 * @param tell hears what was caught
 */
export function openDoor(
  server: Server,
  connectionsMax: number,
  listener: Listener,
  tell: (caught: Caught) => void,
): void {
  const guard = new Guard(tell);
  const open = new Set<Socket>();
  server.timeout = IDLE_MS_MAX;
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    const [oldest] = open;
    if (open.size > connectionsMax) oldest.destroy();
  });
  server.on("request", (request, response) => {
    // Whoever goes away in the middle of an answer is nobody's failure.
    response.on("error", () => undefined);
    request.on("error", () => undefined);
    try {
      listener(request, response);
    } catch (error) {
      guard.take("HTTP request", error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  // No more file handles, for example: the next caller may have better luck.
  server.on("error", (error) => guard.take("HTTP server", error));
}
