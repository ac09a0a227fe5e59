/** The model of a depot behind a real server on the loopback. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DepotModel, type ModelFile } from "../../../ont/agent/virtual/depot-model.ts";
import type { AgentHeaders } from "../../../ont/agent/index.ts";

export interface ModelServer {
  depot: DepotModel;
  /** Bytes of files that were written to sockets. */
  sentBytes: () => number;
  /** Ends all connections, in the middle of what they carry. */
  cut(): void;
  close(): Promise<void>;
}

export async function serveModel(files: readonly ModelFile[]): Promise<ModelServer> {
  let depot: DepotModel | undefined;
  let sentBytes = 0;
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (text: string) => (body += text));
    request.on("end", () => {
      const { method, url = "/", headers } = request;
      const answer = depot!.answer({
        method: method === "PUT" || method === "POST" ? method : "GET",
        path: url,
        headers: headers as Record<string, string>,
        body,
      });
      response.writeHead(answer.status, withoutUndefined(answer.headers));
      if (url.includes("/artifacts/")) sentBytes += answer.body.length;
      response.end(answer.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  depot = new DepotModel(`http://127.0.0.1:${port}`, files);
  return {
    depot,
    sentBytes: () => sentBytes,
    cut: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const withoutUndefined = (headers: AgentHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
