/** Attacks on update systems, by the list of TUF (The Update Framework, 1.5.2), each held against the agent with real bundles. */
import { beforeEach, expect, it } from "vitest";
import { buildBundle, generateKeyPair, type ManifestFields, readPublicKey } from "../../../image/index.ts";
import { headerCheck } from "../../../ont/agent/index.ts";
import type { ModelFile } from "../../../ont/agent/virtual/index.ts";
import { testImage } from "../images.ts";
import { AgentBench, second } from "./bench.ts";
import { sha256Of } from "./store.ts";

const WALL_SECONDS = 1_790_000_000;
const ours = generateKeyPair();
const theirs = generateKeyPair();
const fields = { productCode: "PC-1", hardware: ["HW-1"], buildTime: WALL_SECONDS - 1000, minimumVersion: "" };

function fileOf(change: Partial<ManifestFields> = {}, privatePem = ours.privatePem): ModelFile {
  const all = { ...fields, version: "2.0.0", ...change };
  const bytes = Uint8Array.from(buildBundle(all, testImage(50_000, 3), privatePem));
  return { filename: "image.bin", bytes, sha256: sha256Of(bytes), version: all.version };
}

let bench: AgentBench;
const checkWith = (...keys: string[]): ReturnType<typeof headerCheck> =>
  headerCheck({ trustedKeys: keys.map((pem) => readPublicKey(pem)), productCode: "PC-1", hardwareVersion: "HW-1" });

beforeEach(() => {
  bench = new AgentBench({ checkHeader: checkWith(ours.publicPem) });
});

/** How it ends, and how many bytes of the file were fetched for that. */
function outcomeOf(file: ModelFile): [string | undefined, number] {
  bench.depot.files = [file];
  bench.until(() => bench.depot.deviceOf("ont-1").isClosed);
  return [bench.depot.deviceOf("ont-1").feedback.at(-1)?.details[0], bench.bulkBytes];
}

/** Refused by its header: nothing more was fetched, nothing installed. */
function expectRefused(file: ModelFile, cause: string): void {
  const [outcome, bytes] = outcomeOf(file);
  expect(outcome).toBe(`failed: ${cause}`);
  expect(bytes).toBeLessThanOrEqual(8192);
  expect([bench.store.activations, bench.store.running.version]).toEqual([0, "OLD"]);
}

it("takes what is as it should be", () => {
  expect(outcomeOf(fileOf())[0]).toBe("committed");
});

it("arbitrary software: what no trusted key has signed", () => {
  expectRefused(fileOf({}, theirs.privatePem), "untrusted-signature");
});

it("rollback: a security version below the one committed to", () => {
  const state = bench.store.state.bind(bench.store);
  bench.store.state = () => ({ ...state(), securityVersion: 5 });
  bench.cut();
  expectRefused(fileOf({ securityVersion: 4 }), "security-version-too-low");
});

it("fast-forward: a huge version that was never committed leaves the floor where it was", () => {
  // The floor is the store's and rises at Commit alone: an offer, even a download of it, raises nothing.
  bench.store.boots = "fails";
  expect(outcomeOf(fileOf({ securityVersion: 4_000_000_000 }))[0]).toMatch(/^rolledBack/);
  bench.store.boots = "boots";
  bench.depot.deviceOf("ont-1").isClosed = false;
  bench.depot.action = "2";
  expect(outcomeOf(fileOf({ securityVersion: 1, version: "2.0.1" }))[0]).toBe("committed");
});

it("indefinite freeze: what has expired; a clock that stands before the build decides nothing", () => {
  expectRefused(fileOf({ expires: WALL_SECONDS - 10 }), "expired");
  bench = new AgentBench({ checkHeader: checkWith(ours.publicPem) });
  bench.setWall(WALL_SECONDS - 50 * 365 * 86_400);
  expect(outcomeOf(fileOf({ expires: WALL_SECONDS - 10 }))[0]).toBe("committed");
});

it("endless data: no more is taken than was announced", () => {
  const file = fileOf();
  bench.spoil = (request, answer) =>
    request.isBulk ? { ...answer, body: Buffer.concat([answer.body, new Uint8Array(5_000_000)]) } : answer;
  expect(outcomeOf(file)[0]).toBe("failed: endless-data");
  expect(bench.bulkBytes).toBeLessThan(file.bytes.length + 1_000_000);
  expect(bench.store.activations).toBe(0);
});

it("mix-and-match: the header of one image with the payload of another", () => {
  const file = fileOf();
  const bytes = file.bytes.slice();
  bytes.set(testImage(10_000, 8), 20_000);
  expect(outcomeOf({ ...file, bytes })[0]).toBe("failed: payload-hash-mismatch");
  expect(bench.store.activations).toBe(0);
});

it("wrong target: rightly signed, for another hardware or another product", () => {
  expectRefused(fileOf({ hardware: ["HW-9"] }), "incompatible-hardware");
  bench = new AgentBench({ checkHeader: checkWith(ours.publicPem) });
  expectRefused(fileOf({ productCode: "PC-9" }), "wrong-product-code");
});

it("key compromise: after the rotation the old key signs nothing, and the new one does", () => {
  bench = new AgentBench({ checkHeader: checkWith(theirs.publicPem) });
  expectRefused(fileOf(), "untrusted-signature");
  bench = new AgentBench({ checkHeader: checkWith(ours.publicPem, theirs.publicPem) });
  expect(outcomeOf(fileOf({}, theirs.privatePem))[0]).toBe("committed");
});

it.each([
  [20, "failed: slow-retrieval", 12],
  [700, "committed", 1],
])("slow retrieval: %i bytes/s, without an end or a cut: %s", (bytesPerSecond, ends, most) => {
  bench.spoil = (request, answer) =>
    request.isBulk && answer.body.length > 10_000
      ? { ...answer, trickle: { bytes: bytesPerSecond, everyNs: second } }
      : answer;
  expect(outcomeOf(fileOf())[0]).toBe(ends);
  expect(bench.requests.filter(({ isBulk }) => isBulk).length).toBeLessThanOrEqual(1 + most);
  expect(bench.nowNs / second).toBeLessThan(86_400);
});

it("slow retrieval: a file that trickles is given up, with its cause", () => {
  bench.spoil = (request, answer) =>
    request.isBulk ? { ...answer, body: answer.body.subarray(0, 0), cutAt: 1 } : answer;
  expect(outcomeOf(fileOf())[0]).toMatch(/^failed: (?:slow-retrieval|connection reset)$/);
  expect(bench.nowNs / second).toBeLessThan(2 * 86_400);
});

it("redirects lead nowhere, and neither do links to other places", () => {
  bench.spoil = (request, answer) =>
    request.isBulk ? { status: 302, headers: { location: "https://evil.test/" }, body: new Uint8Array(0) } : answer;
  expect(outcomeOf(fileOf())[0]).toBe("failed: redirected");
  const other = new AgentBench();
  other.depot.files = [fileOf()];
  other.spoil = (_request, answer) => {
    const text = Buffer.from(answer.body).toString();
    const isDeployment = text.includes('"deployment"');
    return isDeployment ? { ...answer, body: Buffer.from(text.replaceAll("depot.test", "evil.test")) } : answer;
  };
  other.until(() => other.depot.deviceOf("ont-1").isClosed);
  expect(other.depot.deviceOf("ont-1").feedback.at(-1)?.details).toEqual(["failed: other-origin"]);
  expect(other.bulkBytes).toBe(0);
});
