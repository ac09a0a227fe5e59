/** The agent against the real depot, over TLS with staples, into the ONT's own core: a whole image, a delta, a depot that is not who it says. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startClock } from "../../../base/clock/index.ts";
import { DEVICE_ATTRIBUTES } from "../../../base/ddi/index.ts";
import { StapledAgent } from "../../../base/tls/index.ts";
import { type DepotServer, readDepotFiles, serveDepot, targetToken } from "../../../headend/depot/index.ts";
import { type AgentEvent, headerCheck } from "../../../ont/agent/index.ts";
import { AgentDriver } from "../../../ont/agent/process/index.ts";
import { createLab, identityOf, type Lab, rootPem, stapleOf } from "../../base/pki/lab.ts";
import { deltaBundle, deltaOnt, newBundle, newImage, oldBundle } from "../delta-bundles.ts";
import { agentConfig } from "./bench.ts";
import { OntStore } from "./ont-store.ts";
import { removeFolder } from "../../support/folder.ts";

const TOKEN = "a-token-for-tests-only";
const nowNs = startClock(process.hrtime.bigint());
const nowSeconds = Math.floor(Date.now() / 1000);
const { trustedKeys = [] } = deltaOnt();

let folder: string;
let lab: Lab;
let depot: DepotServer | undefined;
let driver: AgentDriver | undefined;
let agent: StapledAgent | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "agent-"));
  mkdirSync(join(folder, "files"));
  lab = await createLab(nowSeconds);
});

afterEach(async () => {
  driver?.close();
  agent?.destroy();
  await depot?.close();
  removeFolder(folder);
});

async function serve(files: Record<string, Uint8Array>, status: "good" | "revoked"): Promise<DepotServer> {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, "files", name), bytes);
  const revoked = { status: { kind: "revoked" as const, atSeconds: nowSeconds - 60 } };
  return serveDepot({
    host: "127.0.0.1",
    port: 0,
    files: readDepotFiles([join(folder, "files")]),
    stateFolder: join(folder, "state"),
    gatewayToken: TOKEN,
    config: { tenant: "DEFAULT", pollSeconds: 1 },
    tls: {
      identity: identityOf(lab, lab.mustStaple),
      staple: () => stapleOf(lab, lab.mustStaple, status === "good" ? {} : revoked),
    },
  });
}

/** Powers the device on, and again after each restart. @returns what the agent tells */
function run(url: string, store: OntStore, onEvent: (event: AgentEvent) => void): void {
  agent = new StapledAgent({ trusted: rootPem(lab), nowSeconds: () => nowSeconds }, { keepAlive: true });
  const config = agentConfig({
    origin: url,
    pollSeconds: 1,
    headers: { authorization: `TargetToken ${targetToken(TOKEN, "ont-1")}` },
    checkHeader: headerCheck({ trustedKeys, productCode: "PC-1", hardwareVersion: "HW-1" }),
    attributes: ({ runs }) =>
      new Map([
        [DEVICE_ATTRIBUTES.productCode, "PC-1"],
        [DEVICE_ATTRIBUTES.hardware, "HW-1"],
        [DEVICE_ATTRIBUTES.version, runs?.version ?? ""],
        [DEVICE_ATTRIBUTES.imageSha256, runs?.sha256 ?? ""],
        [DEVICE_ATTRIBUTES.deltaFormats, "1"],
      ]),
  });
  const powerOn = (): void => {
    driver = new AgentDriver(config, {
      nowNs,
      store,
      agent,
      recordFile: join(folder, "agent.json"),
      durability: "fsync",
      onEvent: (_nowNs, event) => {
        onEvent(event);
        if (event.type === "state" && event.state === "rebooting") setImmediate(restart);
      },
      onFailure: (error) => expect.unreachable(String(error)),
    });
  };
  const restart = (): void => {
    driver?.close();
    store.reboot();
    powerOn();
  };
  powerOn();
}

it.each([
  ["the whole image", { "new.bin": newBundle }],
  ["a delta", { "new.bin": newBundle, "new.delta": deltaBundle }],
])("%s, to Commit, and the depot knows", async (name, files) => {
  depot = await serve(files, "good");
  const store = new OntStore();
  const { url } = depot;
  let bytes = 0;
  await new Promise<void>((resolve) => {
    run(url, store, (event) => {
      if (event.type === "transfer") bytes = event.imageBytes;
      if (event.type === "reported" && event.execution === "closed") resolve();
    });
  });
  expect(bytes).toBe(name === "a delta" ? deltaBundle.length : newBundle.length);
  const { record } = store.ont.ont.snapshot();
  expect(record.committed).toBe(1);
  expect(record.slots[1]).toEqual(newImage);
  expect(Buffer.compare(store.ont.flash.slots[0], oldBundle)).toBe(0);
});

it("a depot whose certificate was revoked is told nothing, and nothing is taken from it", async () => {
  depot = await serve({ "new.bin": newBundle }, "revoked");
  const { url } = depot;
  const cause = await new Promise<string>((resolve) => {
    run(url, new OntStore(), (event) => event.type === "dropped" && resolve(event.cause));
  });
  expect(cause).toMatch(/^poll: .*revoked/);
});
