/** A CPE's side of HTTP for tests: one connection, cookies, digest; and what it says, by the codec. */
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { DigestClient } from "../../../base/digest/index.ts";
import { CWMP_EVENTS, type CwmpMessage, readCwmp, writeCwmp } from "../../../cwmp/index.ts";

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export function ask(
  url: string,
  {
    method = "GET",
    headers = {},
    body,
    agent,
  }: { method?: string; headers?: object; body?: string; agent?: Agent } = {},
): Promise<HttpAnswer> {
  return new Promise((done, fail) => {
    const sent = request(url, { method, headers: { ...headers }, ...(agent && { agent }) }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", fail);
      answer.on("end", () =>
        done({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

/** With a password, where it is asked for. */
export async function askAs(
  credentials: { username: string; password: string },
  url: string,
  options: Parameters<typeof ask>[1] = {},
): Promise<HttpAnswer> {
  const first = await ask(url, options);
  const digest = new DigestClient(credentials);
  if (first.status !== 401 || digest.take(first.headers["www-authenticate"] ?? "") === undefined) return first;
  const { pathname } = new URL(url);
  const authorization = digest.answer(options.method ?? "GET", pathname, "a client's nonce")!;
  return ask(url, { ...options, headers: { ...options.headers, authorization } });
}

export const informOf = (
  serialNumber: string,
  version: string,
  events: readonly (readonly [string, string?])[] = [[CWMP_EVENTS.periodic]],
  connectionRequestUrl = "http://127.0.0.1:1/x",
): CwmpMessage => ({
  method: "Inform",
  deviceId: { manufacturer: "m", oui: "00D09E", productClass: "ONT", serialNumber },
  events: events.map(([eventCode, commandKey = ""]) => ({ eventCode, commandKey })),
  maxEnvelopes: 1,
  currentTime: "unknown",
  retryCount: 0,
  parameters: [
    ["DeviceInfo.HardwareVersion", "1.0"],
    ["DeviceInfo.SoftwareVersion", version],
    ["ManagementServer.ConnectionRequestURL", connectionRequestUrl],
  ].map(([name, text]) => ({ name: `Device.${name}`, value: { type: "string", text } })),
});

/** One session. */
export class HttpSession {
  readonly #url: string;
  readonly #credentials: { username: string; password: string };
  readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #cookie = "";
  #asked = "";
  hasCookies = true;
  status = 0;

  constructor(url: string, credentials: { username: string; password: string }) {
    this.#url = url;
    this.#credentials = credentials;
  }

  /** @returns what comes back; undefined: nothing */
  async say(message?: CwmpMessage): Promise<CwmpMessage | undefined> {
    const isAnswer = message?.method === "Fault" || message?.method.endsWith("Response") === true;
    const body = message && writeCwmp({ version: "1.2", id: isAnswer ? this.#asked : "1", message });
    const headers = this.#cookie === "" || !this.hasCookies ? {} : { cookie: this.#cookie };
    const answer = await askAs(this.#credentials, this.#url, {
      method: "POST",
      headers,
      agent: this.agent,
      ...(body !== undefined && { body }),
    });
    this.status = answer.status;
    const [cookie] = answer.headers["set-cookie"] ?? [];
    if (cookie !== undefined) [this.#cookie] = cookie.split(";", 1);
    if (answer.status !== 200) return undefined;
    const reading = readCwmp(answer.body);
    if (!reading.ok) throw new Error(reading.fault.problem);
    this.#asked = reading.envelope.id;
    return reading.envelope.message;
  }

  end(): void {
    this.agent.destroy();
  }
}
