/** Cases in real time, over sockets: against a CPE of ours with its own driver, and what becomes of answers that a case spoils. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startClock } from "../../../base/clock/index.ts";
import { cpeCatalogue, CpeHost, runCwmpCases } from "../../../conform/cwmp/core/index.ts";
import { findings } from "../../../conform/cwmp/self/index.ts";
import { cpeServerTarget } from "../../../conform/cwmp/targets/index.ts";
import { CaseArchiveFolder } from "../../../conform/reports/index.ts";
import { ConnectionRequestDoor, CpeDriver } from "../../../ont/cpe/process/index.ts";
import { imageOf, MemoryStore } from "../../ont/agent/store.ts";
import { cpeConfig } from "../../ont/cpe/bench.ts";
import { testImage } from "../../ont/images.ts";
import { removeFolder } from "../../support/folder.ts";

const nowNs = startClock(process.hrtime.bigint());
/** Cases wait so much less than for devices of others. */
const TIME_SCALE = 0.05;
/** No delays, no windows, no restarts: those take as long as they say. Few enough that the CPE takes all connection requests of a minute. */
const CASES = [
  "session.form",
  "session.chunked",
  "session.password",
  "connection.password",
  "connection.replay",
  "download.digest",
  "download.not-there",
];

let folder: string;
let door: ConnectionRequestDoor;
let driver: CpeDriver | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "poncast-conform-"));
  door = await ConnectionRequestDoor.listen();
});

afterEach(() => {
  driver?.close();
  door.close();
  removeFolder(folder);
});

function powerOn(acsUrl: string): void {
  const [acsUsername, acsPassword] = ["cpe", "secret"];
  const config = cpeConfig({
    acsUrl,
    acsUsername,
    acsPassword,
    connectionRequestUrl: door.url,
    checkHeader: () => ({ kind: "refused", cause: "not-a-bundle" }),
  });
  driver = new CpeDriver(config, {
    nowNs,
    store: new MemoryStore(imageOf(testImage(1000, 7), "OLD")),
    recordFile: join(folder, "cpe.json"),
    durability: "none",
    onEvent: () => undefined,
    onFailure: (error) => expect.unreachable(String(error)),
  });
  door.serve(
    (username) => driver?.connectionRequestPassword(username),
    () => driver!.handleConnectionRequest(),
  );
  // Drawn from its seed, it would be seconds after power-on.
  driver.handleConnectionRequest();
}

it("finds nothing wrong with our CPE, and leaves archives", async () => {
  const target = cpeServerTarget({ host: "127.0.0.1", port: 0, timeScale: TIME_SCALE, onListening: powerOn });
  const host = new CpeHost({
    target,
    image: undefined,
    offered: { username: "tester", password: "of this test" },
    password: { username: "cpe", password: "secret" },
  });
  const cases = cpeCatalogue.filter(({ id }) => CASES.includes(id));
  const archive = new CaseArchiveFolder(folder, "0", (line) => expect.unreachable(line));
  const reports = await runCwmpCases(cases, host, { archive });
  expect(findings(reports)).toEqual({});
  expect(reports.length).toBe(CASES.length);
  const { log } = JSON.parse(readFileSync(join(folder, "session.password.har"), "utf8")) as {
    log: { version: string; entries: { response: { status: number } }[] };
  };
  expect(log.version).toBe("1.2");
  expect(log.entries.map(({ response }) => response.status)).toContain(401);
});

it("says where nobody comes", async () => {
  const target = cpeServerTarget({ host: "127.0.0.1", port: 0, timeScale: 0.0001 });
  const host = new CpeHost({ target, image: undefined, offered: { username: "tester", password: "x" } });
  const reports = await runCwmpCases(cpeCatalogue.slice(0, 2), host);
  expect(reports.map(({ verdict }) => verdict)).toEqual(["skip", "skip"]);
  expect(reports[1]!.cause).toMatch(/^the CPE does not come to http:\/\/127\.0\.0\.1:\d+\/acs$/);
});
