/** The ACS as the child of a run: it tells where it listens and what it knows, holds its folder, and ends with the run. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AcsProcessConfig, FromAcs, ToAcs } from "../../../headend/acs/process/index.ts";
import { makeHeadendIdentity } from "../../../run/pull/identity.ts";
import { removeFolder } from "../../support/folder.ts";

let folder: string;
let config: AcsProcessConfig;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "poncast-acs-"));
  writeFileSync(join(folder, "firmware-2.0.0.swu"), "x".repeat(1_000));
  const { trusted: _trusted, ...identity } = await makeHeadendIdentity(Math.floor(Date.now() / 1_000));
  config = {
    port: 0,
    paths: [join(folder, "firmware-2.0.0.swu")],
    stateFolder: join(folder, "state"),
    token: "a-token-for-tests-only",
    config: {},
    rates: {},
    connects: "same",
    ...identity,
  };
});
afterAll(() => removeFolder(folder));

const begin = (): ChildProcess =>
  fork(resolve("dist/acs.js"), { stdio: ["ignore", "ignore", "ignore", "ipc"], serialization: "advanced" });
const told = (child: ChildProcess, type: FromAcs["type"]): Promise<FromAcs> =>
  new Promise((done) => {
    child.on("message", (message: FromAcs) => {
      if (message.type === type) done(message);
    });
  });
const ended = (child: ChildProcess): Promise<number | null> => new Promise((done) => child.once("exit", done));
const send = (child: ChildProcess, message: ToAcs): void => void child.send(message);

it("listens, holds its folder, and stops", async () => {
  const [first, second] = [begin(), begin()];
  send(first, { type: "start", config });
  expect(await told(first, "listening")).toMatchObject({
    url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
    acsUrl: expect.stringMatching(/\/acs$/),
    devices: [],
  });
  send(second, { type: "start", config });
  expect(await told(second, "failed")).toMatchObject({ message: expect.stringContaining("another server") });
  expect(await ended(second)).toBe(1);
  send(first, { type: "connect", device: "nobody" });
  expect(await told(first, "connected")).toMatchObject({ device: "nobody", why: "it has not said where it listens" });
  send(first, { type: "stop" });
  await told(first, "stopped");
  expect(await ended(first)).toBe(0);
});
