/** The CPE in real time: real servers that ask who is there, its record as a file, and curl, which asks it for a session. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startClock } from "../../../base/clock/index.ts";
import { DigestServer } from "../../../base/digest/index.ts";
import type { CpeEvent } from "../../../ont/cpe/index.ts";
import { ConnectionRequestDoor, CpeDriver } from "../../../ont/cpe/process/index.ts";
import { imageOf, MemoryStore, sha256Of } from "../agent/store.ts";
import { testImage } from "../images.ts";
import { ACS_URL, download, TestAcs } from "./acs.ts";
import { cpeConfig } from "./bench.ts";
import { removeFolder } from "../../support/folder.ts";

const nowNs = startClock(process.hrtime.bigint());
const run = promisify(execFile);
const image = testImage(1_500_000, 9);
const acs = new TestAcs();

let folder: string;
let server: Server;
let origin: string;
let door: ConnectionRequestDoor;
let driver: CpeDriver;
let store: MemoryStore;
let sockets: number;
const events: CpeEvent[] = [];
let look: () => void = () => undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cpe-"));
  const digest = new DigestServer({ realm: "ACS", algorithms: ["SHA-256", "MD5"], secret: Buffer.alloc(32, 7) });
  server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const known = digest.check(Date.now(), headers.authorization ?? "", method, url, () => "secret");
      if (!known.ok) {
        response.writeHead(401, { "www-authenticate": digest.challenge(Date.now()), "content-length": 0 }).end();
        return;
      }
      const path = url === "/cwmp" ? ACS_URL : `https://files.test${url}`;
      const body = Buffer.concat(pieces).toString();
      const range = { range: headers.range ?? "" };
      const credentials = { username: "", password: "" };
      const answer = acs.answer({ method: "POST", url: path, headers: range, body, isBulk: false, credentials });
      response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length }).end(answer.body);
    });
  });
  sockets = 0;
  server.on("connection", () => (sockets += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  door = await ConnectionRequestDoor.listen();
  store = new MemoryStore(imageOf(testImage(1000, 7), "OLD"));
  store.onActivate = () => setImmediate(reboot);
  powerOn();
});

afterEach(() => {
  driver.close();
  door.close();
  server.close();
  server.closeAllConnections();
  removeFolder(folder);
});

function powerOn(): void {
  const config = cpeConfig({ acsUrl: `${origin}/cwmp`, connectionRequestUrl: door.url });
  driver = new CpeDriver(config, {
    nowNs,
    store,
    recordFile: join(folder, "cpe.json"),
    durability: "fsync",
    onEvent: (_nowNs, event) => {
      events.push(event);
      look();
    },
    onFailure: (error) => expect.unreachable(String(error)),
  });
  door.serve(
    (username) => driver.connectionRequestPassword(username),
    () => driver.handleConnectionRequest(),
  );
}

function reboot(): void {
  driver.close();
  store.reboot();
  powerOn();
}

const until = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    look = () => holds() && resolve();
    look();
  });
const isIn = (code: string) => () => acs.events.at(-1)?.includes(code) === true && !driver.snapshot().inSession;

const curl = async (...options: string[]): Promise<string> =>
  (await run("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", ...options, door.url])).stdout;

it("says who it is, is asked for a session by curl, and goes from Download to TransferComplete", async () => {
  // Drawn from the seed: within seconds after power-on.
  driver.handleConnectionRequest();
  await until(isIn("0 BOOTSTRAP"));
  // The challenge, Inform, GetRPCMethods, and what follows: on one connection.
  expect(sockets).toBe(1);
  expect(acs.of("Inform").at(-1)!.parameters.at(-1)!.value.text).toBe(door.url);
  const url = acs.put("image.bin", image).replace("https://files.test", origin);
  acs.tasks.push(download(url, { username: "anybody", password: "secret" }));
  expect(await curl()).toBe("401");
  expect(await curl("--digest", "-u", "acs:wrong")).toBe("401");
  expect(await curl("--digest", "-u", "acs:secret")).toBe("200");
  await until(() => acs.completes.length === 1 && !driver.snapshot().inSession);
  expect(acs.completes[0].fault.faultCode).toBe(0);
  expect(sha256Of(store.slot)).toBe(sha256Of(image));
  expect(events.filter(({ type }) => type === "reported").length).toBe(1);
  expect(driver.snapshot().action).toBe("");
});
