/** HTTP callers that are slow, many or broken hold up nobody else. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type Caught } from "../../../base/errors/index.ts";
import { openDoor, SERVER_LIMITS } from "../../../base/http/index.ts";

const CONNECTIONS = 8;
let server: Server;
const peers: Socket[] = [];
const told: Caught[] = [];

async function open(listener: Parameters<typeof openDoor>[2]): Promise<number> {
  told.length = 0;
  server = createServer(SERVER_LIMITS);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  openDoor(server, CONNECTIONS, listener, (caught) => told.push(caught));
  return (server.address() as AddressInfo).port;
}

async function peer(port: number, text = ""): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  peers.push(socket);
  await once(socket, "connect");
  if (text !== "") socket.write(text);
  return socket;
}

afterEach(async () => {
  for (const socket of peers.splice(0)) socket.destroy();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

describe("the door of an HTTP server", () => {
  it("is open however many callers wait, send nothing or read nothing", async () => {
    const big = "x".repeat(4_000_000);
    const port = await open((_, response) => void response.end(big));
    let timedOut = 0;
    server.on("clientError", ({ code }: NodeJS.ErrnoException, socket) => {
      if (code === "ERR_HTTP_REQUEST_TIMEOUT") timedOut++;
      socket.destroy();
    });
    for (let index = 0; index < 3 * CONNECTIONS; index++) {
      const slow = await peer(port, index % 2 === 0 ? "GET / HTTP/1.1\r\n" : "GET / HTTP/1.1\r\nhost: x\r\n\r\n");
      slow.pause();
    }
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect((await answer.text()).length).toBe(big.length);
    // None of them had to reach its time limit for that.
    expect(timedOut).toBe(0);
    expect(await new Promise((done) => server.getConnections((_, count) => done(count)))).toBeLessThanOrEqual(
      CONNECTIONS,
    );
  });

  it("answers 500 where a listener throws, and serves the next", async () => {
    const port = await open((request, response) => {
      if (request.url === "/bad") throw new Error("a defect");
      response.end("good");
    });
    expect((await fetch(`http://127.0.0.1:${port}/bad`)).status).toBe(500);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("good");
    expect(told).toEqual([{ where: "HTTP request", cause: "a defect", count: 1 }]);
  });

  it("survives any bytes", async () => {
    const port = await open((_, response) => void response.end("good"));
    const line = fc.constantFrom(
      "GET / HTTP/1.1\r\n",
      "POST / HTTP/1.1\r\n",
      "content-length: -1\r\n",
      "content-length: 99999999999\r\n",
      "\r\n",
      "transfer-encoding: chunked\r\n",
      "zz\r\n",
      "host: a\r\n",
      "\u0000",
    );
    const text = fc
      .array(fc.oneof(line, fc.string({ maxLength: 40 })), { maxLength: 12 })
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(text, async (sent) => {
        const socket = await peer(port, sent);
        socket.destroy();
      }),
      { numRuns: 100 },
    );
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("good");
    expect(told).toEqual([]);
  });

  it("survives an error of the server itself", async () => {
    const port = await open((_, response) => void response.end("good"));
    server.emit("error", Object.assign(new Error("too many open files"), { code: "EMFILE" }));
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("good");
    expect(told).toEqual([{ where: "HTTP server", cause: "EMFILE", count: 1 }]);
  });
});
