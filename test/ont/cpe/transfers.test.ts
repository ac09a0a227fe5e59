/** Transfers of a CPE: from Download to TransferComplete, what leaves that way, what is refused, and what is told of it. */
import { describe, expect, it } from "vitest";
import type { CwmpMessageOf } from "../../../cwmp/index.ts";
import type { UpdateState } from "../../../ont/road/index.ts";
import { sha256Of } from "../agent/store.ts";
import { answerWith, download } from "./acs.ts";
import { CpeBench, second } from "./bench.ts";

const HOUR = 3600;
const start = (change = {}): CpeBench => new CpeBench(change).booted();

it("goes from Download to Commit, and tells success only then, in a session for it", () => {
  const bench = start();
  let toldAtCommit = -1;
  bench.store.onCommit = () => (toldAtCommit = bench.acs.completes.length);
  bench.ask();
  expect(bench.untilTold()).toBe(true);
  expect(bench.states).toEqual([
    "checking",
    "downloading",
    "verifying",
    "waiting",
    "applying",
    "rebooting",
    "confirming",
    "committed",
    "idle",
  ]);
  expect(toldAtCommit).toBe(0);
  expect(bench.acs.of("DownloadResponse")).toEqual([
    { method: "DownloadResponse", status: 1, startTime: "unknown", completeTime: "unknown" },
  ]);
  expect(bench.acs.events.slice(1)).toEqual([
    ["6 CONNECTION REQUEST"],
    ["1 BOOT", "4 VALUE CHANGE"],
    ["7 TRANSFER COMPLETE", "M Download"],
  ]);
  expect(
    bench.acs
      .of("Inform")
      .at(-1)!
      .events.map(({ commandKey }) => commandKey),
  ).toEqual(["", "key-1"]);
  const [{ commandKey, fault, startTime, completeTime }] = bench.acs.completes;
  expect([commandKey, fault]).toEqual(["key-1", { faultCode: 0, faultString: "" }]);
  expect(Number(completeTime)).toBeGreaterThan(Number(startTime));
  expect([bench.bulkBytes, sha256Of(bench.store.slot)]).toEqual([bench.image.length, sha256Of(bench.image)]);
  bench.run(24 * HOUR * second);
  expect(bench.acs.completes.length).toBe(1);
  expect(bench.cpe.snapshot()).toMatchObject({ state: "idle", action: "", queued: 0 });
});

/** What happens in a state, the state after it, and the fault that is told; 0: it went well. */
const TABLE: [UpdateState, string, (bench: CpeBench) => void, UpdateState, number][] = [
  ["checking", "the power goes", (bench) => bench.cut(), "committed", 0],
  ["downloading", "the power goes", (bench) => bench.cut(), "committed", 0],
  ["rebooting", "the power goes", (bench) => bench.cut(), "committed", 0],
  ["confirming", "the power goes, which ends the trial", (bench) => bench.cut(), "committed", 0],
  ["committed", "the power goes", (bench) => bench.cut(), "idle", 0],
  ["rebooting", "the image does not boot", (bench) => void (bench.store.boots = "fails"), "rolledBack", 9010],
  ["confirming", "the ACS is gone", (bench) => void (bench.spoil = lost(bench)), "rolledBack", 9010],
  ["downloading", "the battery is low", (bench) => void (bench.store.busy = "battery"), "waiting", -1],
];

/** Nobody answers until the old image is back. */
const lost = (bench: CpeBench) => (_request: unknown, answer: Parameters<CpeBench["spoil"]>[1]) =>
  bench.store.isCommitted ? answer : undefined;

it.each(TABLE)("%s: %s", (state, _what, act, then, fault) => {
  const bench = start({ rateBytesPerSecond: 50_000 });
  bench.ask();
  expect(bench.untilState(state)).toBe(true);
  act(bench);
  expect(bench.untilState(then), `${bench.cpe.snapshot().state} ${bench.cause}`).toBe(true);
  if (fault < 0) return;
  expect(bench.untilTold()).toBe(true);
  expect(bench.acs.completes.map((each) => each.fault.faultCode)).toEqual([fault]);
});

describe("a file that does not do", () => {
  it.each<[string, number, string, (bench: CpeBench) => void]>([
    ["is not there", 9016, "not there", (bench) => bench.acs.files.clear()],
    ["is for somebody else", 9012, "not authorised", (bench) => files(bench, () => answerWith(401))],
    ["has another size", 9018, "size-mismatch", () => undefined],
    ["is on a server that nobody finds", 9015, "no answer", (bench) => files(bench, () => undefined)],
    ["never comes to its end", 9017, "reset", (bench) => files(bench, (answer) => ({ ...answer, cutAt: 100 }))],
    ["is on a server in trouble", 9010, "status 500", (bench) => files(bench, () => answerWith(500))],
    ["moves for ever", 9010, "redirected", (bench) => files(bench, () => answerWith(302, { location: "/again" }))],
  ])("%s: %i", (_what, code, words, act) => {
    const bench = start();
    act(bench);
    bench.ask({ fileSizeBytes: bench.image.length + (code === 9018 ? 1 : 0) });
    expect(bench.untilTold()).toBe(true);
    const [{ fault }] = bench.acs.completes;
    expect(fault.faultCode).toBe(code);
    expect(fault.faultString).toContain(words);
    expect([bench.store.activations, bench.acs.completes.length]).toEqual([0, 1]);
  });

  it.each([
    ["untrusted-signature", 9019],
    ["payload-hash-mismatch", 9018],
    ["wrong-product-code", 9010],
    ["expired", 9019],
    ["room", 9004],
  ])("for %s: %i", (cause, code) => {
    const bench = start({ checkHeader: () => ({ kind: "refused", cause }) });
    bench.ask();
    expect(bench.untilTold()).toBe(true);
    expect(bench.acs.completes[0].fault).toEqual({ faultCode: code, faultString: expect.stringContaining(cause) });
  });

  const files = (bench: CpeBench, spoil: (answer: Answer) => ReturnType<CpeBench["spoil"]>): void => {
    bench.spoil = (request, answer) => (request.method === "GET" ? spoil(answer) : answer);
  };
  type Answer = Parameters<CpeBench["spoil"]>[1];
});

it("goes on where the file was, by ranges and its tag, and follows it where it moves", () => {
  const bench = start({ rateBytesPerSecond: 100_000 });
  const elsewhere = bench.acs.put("elsewhere.bin", bench.image);
  let cuts = 0;
  bench.spoil = (request, answer) => {
    if (request.url === bench.url) return answerWith(307, { location: elsewhere });
    return request.isBulk && cuts++ === 1 ? { ...answer, cutAt: 150_000 } : answer;
  };
  bench.ask({ username: "u", password: "p" });
  expect(bench.untilTold()).toBe(true);
  expect(bench.bulkBytes).toBe(bench.image.length);
  const bulk = bench.requests.filter(({ isBulk, url }) => isBulk && url === elsewhere);
  expect(bulk.map(({ headers }) => headers.range)).toEqual(["bytes=0-8191", "bytes=8192-", "bytes=158192-"]);
  expect(bulk.at(-1)).toMatchObject({ credentials: { username: "u", password: "p" } });
});

describe("Download is refused", () => {
  it.each<[string, Partial<CwmpMessageOf<"Download">>, number]>([
    ["for web content", { fileType: "2 Web Content" }, 9001],
    ["for a file of no type", { fileType: "9 Nothing" }, 9003],
    ["from FTP", { url: "ftp://files.test/a" }, 9013],
    ["from nowhere", { url: "nowhere" }, 9003],
    ["with a name in the URL", { url: "https://a:b@files.test/a" }, 9003],
    ["for a configuration of a gigabyte", { fileType: "3 Vendor Configuration File", fileSizeBytes: 1e9 }, 9004],
  ])("%s", (_what, change, faultCode) => {
    const bench = start();
    bench.ask(change);
    bench.until(() => bench.acs.of("Fault").length > 0);
    expect(bench.acs.of("Fault")[0]).toMatchObject({
      faultCode,
      soapFaultCode: faultCode === 9003 || faultCode === 9013 ? "Client" : "Server",
    });
    expect(bench.record?.transfers).toEqual([]);
  });
});

describe("several transfers", () => {
  it("are queued, shown, done one after the other, and told of together", () => {
    const bench = start();
    for (let n = 0; n < 9; n++)
      bench.acs.tasks.push(
        download(bench.url, { commandKey: `k${n}`, fileType: "6 Stored Firmware Image", delaySeconds: 60 + n }),
      );
    bench.acs.tasks.push({ method: "GetAllQueuedTransfers" });
    bench.call();
    bench.until(() => !bench.cpe.snapshot().inSession);
    expect(bench.acs.of("DownloadResponse").map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 1));
    expect(bench.acs.of("Fault")[0].faultCode).toBe(9004);
    const [{ transfers }] = bench.acs.of("GetAllQueuedTransfersResponse");
    expect(transfers[0]).toEqual({
      commandKey: "k0",
      state: 1,
      isDownload: true,
      fileType: "6 Stored Firmware Image",
      fileSizeBytes: 0,
      targetFileName: "",
    });
    const fromNs = bench.nowNs;
    expect(bench.untilTold(8)).toBe(true);
    expect((bench.nowNs - fromNs) / second).toBeGreaterThanOrEqual(60);
    expect(bench.acs.completes.map(({ commandKey }) => commandKey).toSorted()).toEqual(
      Array.from({ length: 8 }, (_, n) => `k${n}`),
    );
    expect(bench.store.activations).toBe(0);
  });

  it("are cancelled by their key, unless they are too late for it", () => {
    const bench = start();
    bench.ask({ delaySeconds: 600 });
    bench.until(() => !bench.cpe.snapshot().inSession);
    bench.acs.tasks.push(
      { method: "CancelTransfer", commandKey: "key-1" },
      { method: "CancelTransfer", commandKey: "?" },
    );
    bench.call();
    bench.run(HOUR * second);
    expect(bench.acs.of("CancelTransferResponse").length).toBe(2);
    expect([bench.acs.completes, bench.bulkBytes]).toEqual([[], 0]);
    bench.ask();
    bench.untilState("confirming");
    bench.acs.tasks.push({ method: "CancelTransfer", commandKey: "key-1" });
    expect(bench.untilTold()).toBe(true);
    expect(bench.acs.of("Fault")[0].faultCode).toBe(9021);
  });
});

it("asks for firmware where its user wishes it", () => {
  const bench = start();
  bench.cpe.handleUser(bench.nowNs, "request");
  bench.settle();
  bench.until(() => bench.acs.of("RequestDownload").length === 1);
  expect(bench.acs.events.at(-1)).toEqual(["9 REQUEST DOWNLOAD"]);
});
