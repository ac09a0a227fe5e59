/** One request to a server of pages, and its answer as text. */
import { type IncomingHttpHeaders, request } from "node:http";

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** @param address host and port */
export function askAt(
  address: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<Answered> {
  const [host, port] = address.split(":");
  return new Promise((done, fail) => {
    const sent = request({ host, port, method, path, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, text: text.trim() }),
      );
    });
    sent.on("error", fail);
    sent.end(body);
  });
}
