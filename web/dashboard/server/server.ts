/** The server of the live page: node:http, for this machine unless it is told otherwise. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { caughtLine } from "../../../base/errors/index.ts";
import { HttpRefusal, openDoor, sendJson, SERVER_LIMITS } from "../../../base/http/index.ts";
import { refuse } from "../../../run/control/index.ts";
import { loadAssets, PAGE_HEADERS, sendAsset } from "./assets.ts";
import type { Call, Desk, RunLibrary } from "./desk.ts";
import { Planner } from "./planner.ts";
import { presetsOf, type PresetTexts } from "./presets.ts";
import { RunStarter, type StarterPlace } from "./starter.ts";
import type { LiveRun } from "./live-run.ts";
import { routeOf, type Routed } from "./routes.ts";
import { newToken, PageSession } from "./session.ts";
import { Streams } from "./streams.ts";

/** Each page has one stream open and asks for more now and then. */
const CONNECTIONS_MAX = 256;

export interface DashboardOptions {
  host: string;
  /** 0 = any that is free. */
  port: number;
  /** Who has it may come in; default: a new one. */
  token?: string;
  /** Runs in folders, by their names; default: none but those that are attached. */
  library?: RunLibrary;
  /** Runs may be planned, and started there; default: not. */
  planning?: StarterPlace & { presets: PresetTexts };
}

export interface DashboardServer {
  /** With the token: whoever opens it is in. */
  readonly url: string;
  /** host:port */
  readonly address: string;
  readonly token: string;
  /** From now on this is the run that the page shows. */
  attach(run: LiveRun): void;
  /** Says what is left to say, and that nothing follows. */
  close(): Promise<void>;
}

/** @throws Error when the address cannot be had, or the page was not built */
export async function serveDashboard(options: DashboardOptions): Promise<DashboardServer> {
  const { host, port, token = newToken(), library, planning } = options;
  loadAssets();
  const server = createServer(SERVER_LIMITS);
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, host, done);
  });
  const place = { host, port: (server.address() as AddressInfo).port };
  const session = new PageSession(token, place);
  const desk: Desk = {
    streams: new Streams(newToken(), () => performance.now()),
    library,
    planning: planning && {
      planner: new Planner(),
      starter: new RunStarter(planning),
      presets: () => presetsOf(planning.presets),
    },
    live: undefined,
  };
  openDoor(
    server,
    CONNECTIONS_MAX,
    (request, response) =>
      void answer(request, response, session, desk).catch((error: unknown) => refuse(response, error)),
    (caught) => process.stderr.write(`page: ${caughtLine(caught)}`),
  );
  const address = `${host.includes(":") ? `[${host}]` : host}:${place.port}`;
  return {
    address,
    token,
    url: `http://${address}/?token=${token}`,
    attach(run) {
      const before = desk.live;
      desk.live = run;
      desk.streams.turnTo(run, before);
    },
    async close() {
      desk.streams.end();
      library?.close();
      desk.planning?.planner.close();
      await desk.planning?.starter.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), CLOSE_MS).unref();
      });
    },
  };
}

/** Who has not taken the last word by then does not get it. */
const CLOSE_MS = 500;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  session: PageSession,
  desk: Desk,
): Promise<void> {
  session.checkNames(request);
  const url = new URL(request.url ?? "/", "http://localhost");
  const { pathname } = url;
  if (request.method === "GET" && pathname.startsWith("/assets/")) {
    if (!sendAsset(request, response, pathname)) throw new HttpRefusal(404, "there is no such file");
    return;
  }
  if (request.method === "GET" && pathname === "/") return sendPage({ request, response, url, session, desk });
  const routed = routeOf(request.method ?? "", pathname);
  if (routed === undefined) throw new HttpRefusal(404, "there is nothing here");
  return serve(routed, { request, response, url, session, desk });
}

async function serve({ route, parts }: Routed, call: Call): Promise<void> {
  if (route.changes) call.session.checkChange(call.request);
  else call.session.check(call.request);
  const body = await route.answer(call, parts);
  if (body !== undefined) sendJson(call.response, 200, body);
}

/** The token of the address becomes a cookie, so that it stands nowhere any more. */
function sendPage({ request, response, url, session, desk }: Call): void {
  const token = url.searchParams.get("token");
  const isRight = token !== null && session.isRight(token);
  if (!isRight) session.check(request);
  desk.live?.pace?.giveWay();
  if (isRight) {
    response.writeHead(303, {
      ...PAGE_HEADERS,
      location: "/",
      "set-cookie": session.setCookie,
      "cache-control": "no-store",
    });
    response.end();
    return;
  }
  sendAsset(request, response, desk.live === undefined && desk.library !== undefined ? "/runs" : "/");
}
