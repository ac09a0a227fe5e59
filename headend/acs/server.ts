/** The ACS as a server: CWMP for CPEs, their files, and status, metrics and tasks for whoever has the token. */
import { caughtLine, Guard } from "../../base/errors/index.ts";
import { listening, makeServer } from "../depot/listener.ts";
import { EventLog, holdFolder } from "../log/index.ts";
import type { ConnectionResult } from "./connection-request.ts";
import { Acs, type AcsDeviceStatus, type AcsEvent, type AcsSnapshot } from "./core/index.ts";
import { connectionRequestCredentials, fileCredentials } from "./credentials.ts";
import { ACS_PATH, AcsDoor } from "./door.ts";
import type { AcsServerOptions } from "./options.ts";

export interface AcsServer {
  /** Such as `https://127.0.0.1:7548`. */
  readonly url: string;
  /** What a CPE is told. */
  readonly acsUrl: string;
  readonly port: number;
  /** Of files, since it started. */
  readonly sentBytes: number;
  statuses(): AcsDeviceStatus[];
  connect(device: string): Promise<ConnectionResult>;
  setPaused(isPaused: boolean): Promise<void>;
  /** See `AcsBooks.leaveOut`. */
  leaveOut(device?: string): Promise<void>;
  /** See `AcsBooks.release`. */
  release(device: string): Promise<void>;
  /** See `AcsBooks.hold`. @returns whether it is at something that has not ended */
  hold(device: string): Promise<boolean>;
  /** Ends downloads, keeps what was told. */
  close(): Promise<void>;
}

/** A CPE may think for a while before it answers (TR-069, 3.7.1.4). */
const SILENCE_MS = 60_000;
const LOOK_MS = 1_000;

/** @throws InputError when the address or the state cannot be had */
export async function serveAcs(options: AcsServerOptions): Promise<AcsServer> {
  const { host, port, tls, stateFolder, token, letsAnybodyIn = false, tell = () => undefined } = options;
  const release = await holdFolder(stateFolder);
  try {
    const nobody = { username: "", password: "" };
    const artifacts = options.files.map(({ artifact }) => artifact);
    const acs = new Acs(options.config, artifacts, {
      file: (device) => (letsAnybodyIn ? nobody : fileCredentials(token, device)),
      connectionRequest: (device) => connectionRequestCredentials(token, device),
    });
    const { log, kept } = await EventLog.open<AcsEvent, AcsSnapshot>(stateFolder, () => acs.snapshot());
    acs.restore(kept.snapshot, kept.events);
    if (kept.isTorn)
      tell(`${stateFolder}: the last event was cut off; nobody was answered by it, and it is left out\n`);
    const guard = new Guard((caught) => tell(`acs: ${caughtLine(caught)}`));
    const door = new AcsDoor(options, acs, log, guard);
    const server = makeServer(door.onRequest, tls, (error) => guard.take("staple", error));
    server.keepAliveTimeout = SILENCE_MS;
    const { url, port: taken } = await listening(server, host, port).catch(async (error: unknown) => {
      await door.close();
      await log.close();
      throw error;
    });
    server.on("error", (error) => guard.take("HTTP server", error));
    door.url = url;
    const timer = setInterval(() => void door.look(), LOOK_MS);
    return {
      url,
      acsUrl: `${url}${ACS_PATH}`,
      port: taken,
      get sentBytes() {
        return door.sentBytes;
      },
      statuses: () => [...acs.statuses(Date.now())],
      connect: (device) => door.connect(device),
      setPaused: (isPaused) => door.setPaused(isPaused),
      leaveOut: (device) => door.leaveOut(device),
      release: (device) => door.release(device),
      hold: (device) => door.hold(device),
      close: async () => {
        clearInterval(timer);
        await door.close();
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
        await log.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
