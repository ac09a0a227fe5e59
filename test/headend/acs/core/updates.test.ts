/** Updates by the ACS: who is asked for what, and when one counts as done. */
import { beforeEach, describe, expect, it } from "vitest";
import { CWMP_EVENTS } from "../../../../cwmp/index.ts";
import type { Acs, AcsConfig, AcsEvent } from "../../../../headend/acs/core/index.ts";
import { complete, DEVICE, image, Kept, NOW_MS, taken, TestSession } from "./fixture.ts";

const BOOT = [CWMP_EVENTS.boot] as const;
const TRANSFERRED = [[CWMP_EVENTS.transferComplete], [CWMP_EVENTS.methodDownload, "poncast-1"]] as const;

let kept: Kept;
let acs: Acs;
const begin = (artifacts = [image("2.0.0", "2")], config: AcsConfig = {}): void => {
  kept = new Kept();
  acs = kept.acs(artifacts, config);
};
const session = (version?: "1.0" | "1.2"): TestSession => new TestSession(acs, kept, version);
const restart = (artifacts = acs.artifacts): void => void (acs = kept.acs(artifacts, acs.config));
const status = (nowMs = NOW_MS) => acs.statuses(nowMs).next().value;
const typesOf = (events: readonly AcsEvent[]): string[] => events.map(({ type }) => type);

/** Up to the answer to the Download. */
function order(): TestSession {
  const first = session();
  first.inform("1.0.0", [[CWMP_EVENTS.bootstrap], BOOT]);
  expect(first.empty()).toMatchObject({ method: "Download", commandKey: "poncast-1" });
  expect(first.say(taken)).toBe("end");
  return first;
}

beforeEach(() => begin());

describe("an update", () => {
  it("is asked for with all that the device needs", () => {
    const first = session();
    expect(first.inform("1.0.0")).toEqual({ method: "InformResponse", maxEnvelopes: 1 });
    expect(first.empty()).toEqual({
      method: "Download",
      commandKey: "poncast-1",
      fileType: "1 Firmware Upgrade Image",
      url: `https://acs.test/files/${"2".repeat(32)}`,
      username: DEVICE,
      password: "file",
      fileSizeBytes: 1_000,
      targetFileName: "firmware-2.0.0.pon",
      delaySeconds: 0,
      successUrl: "",
      failureUrl: "",
    });
    expect(typesOf(first.events)).toEqual(["device", "facts", "task", "asked"]);
  });

  it("is done when an Inform says that the new version runs, and not before", () => {
    order();
    expect(status()).toMatchObject({ state: "pending" });
    const told = session();
    told.inform("1.0.0", TRANSFERRED);
    expect(told.say(complete("poncast-1"))).toEqual({ method: "TransferCompleteResponse" });
    expect(told.empty()).toBe("end");
    expect(typesOf(told.events)).toEqual(["transferred"]);
    expect(status()).toMatchObject({ state: "pending" });
    const booted = session();
    booted.inform("2.0.0", [BOOT]);
    expect(booted.empty()).toBe("end");
    expect(booted.events).toMatchObject([{ type: "facts" }, { type: "ended", as: "success", detail: "runs 2.0.0" }]);
    expect(status()).toMatchObject({ state: "upToDate", version: "2.0.0" });
  });

  it("is not done by a version that runs before its TransferComplete: the device may be trying it", () => {
    order();
    const trial = session();
    trial.inform("2.0.0", [BOOT]);
    expect(trial.empty()).toBe("end");
    expect(typesOf(trial.events)).toEqual(["facts"]);
    const back = session();
    back.inform("1.0.0", [BOOT, ...TRANSFERRED]);
    back.say(complete("poncast-1", 9_010, "rolled back"));
    expect(back.events.at(-1)).toMatchObject({ type: "ended", as: "failure", code: 9_010 });
  });

  it("is done in the end by the version, where the device never says that its transfer is over", () => {
    order();
    session().inform("2.0.0", [BOOT]);
    acs.handleTimeout(acs.nextTimeoutMs());
    expect(kept.take(acs)).toMatchObject([{ type: "ended", as: "success", detail: "runs 2.0.0" }]);
  });

  it("in one session: new version, TransferComplete, done once", () => {
    order();
    const told = session();
    told.inform("2.0.0", [BOOT, ...TRANSFERRED]);
    expect(typesOf(told.events)).toEqual(["facts"]);
    told.say(complete("poncast-1"));
    // Its answer was lost: it is told again.
    expect(told.say(complete("poncast-1"))).toEqual({ method: "TransferCompleteResponse" });
    expect(typesOf(told.events)).toEqual(["facts", "ended"]);
    restart();
    const again = session();
    again.inform("2.0.0", TRANSFERRED);
    expect(again.say(complete("poncast-1"))).toEqual({ method: "TransferCompleteResponse" });
    expect(again.empty()).toBe("end");
    expect(again.events).toEqual([]);
  });

  it("is not done when the old version runs after the restart: that is told once, and it is not asked again", () => {
    order();
    const told = session();
    told.inform("1.0.0", TRANSFERRED);
    told.say(complete("poncast-1"));
    // Before it has restarted there is nothing to say.
    const before = session();
    before.inform("1.0.0");
    expect([before.empty(), status()]).toMatchObject(["end", { state: "pending" }]);
    const back = session();
    back.inform("1.0.0", [BOOT]);
    expect(back.empty()).toBe("end");
    expect(back.events).toMatchObject([{ type: "ended", as: "failure", detail: "has restarted, and runs 1.0.0" }]);
    expect(status()).toMatchObject({ state: "failed", why: "has restarted, and runs 1.0.0" });
  });

  it.each([
    [9_018, false],
    [9_019, false],
    [9_016, true],
    [9_010, true],
  ])("fault %d of the transfer: asked again %s", (code, isAgain) => {
    order();
    const told = session();
    told.inform("1.0.0", TRANSFERRED);
    told.say(complete("poncast-1", code, "so it is"));
    expect(told.events).toMatchObject([{ type: "ended", as: "failure", code, detail: `${code} so it is` }]);
    const next = told.empty();
    if (isAgain) expect(next).toMatchObject({ method: "Download", commandKey: "poncast-2" });
    else expect(next).toBe("end");
  });

  it("is asked for three times at most where the fault may pass", () => {
    const codes: unknown[] = [];
    for (let count = 0; count < 5; count++) {
      const each = session();
      each.inform("1.0.0");
      if (each.empty() === "end") break;
      codes.push(each.fault(9_004));
    }
    expect(codes.length).toBe(3);
    expect(status()).toMatchObject({ state: "failed", why: expect.stringContaining("9004") });
  });

  it("a device that does not say a version of ours, or that has it, is asked for nothing", () => {
    const has = session();
    has.inform("2.0.0");
    expect(has.empty()).toBe("end");
    const other = session();
    other.inform("1.0.0", undefined, {
      deviceId: { manufacturer: "x", oui: "0A0B0C", productClass: "Other", serialNumber: "1" },
    });
    expect(other.empty()).toBe("end");
  });

  it("that is outdone by a newer one is called off, where that is possible", () => {
    order();
    restart([image("2.0.0", "2"), image("3.0.0", "3")]);
    const next = session();
    next.inform("1.0.0");
    expect(next.empty()).toEqual({ method: "CancelTransfer", commandKey: "poncast-1" });
    expect(next.say({ method: "CancelTransferResponse" })).toMatchObject({
      method: "Download",
      commandKey: "poncast-2",
      url: `https://acs.test/files/${"3".repeat(32)}`,
    });
    restart([image("4.0.0", "4")]);
    const late = session();
    late.inform("1.0.0");
    expect(late.empty()).toMatchObject({ method: "GetAllQueuedTransfers" });
  });

  it("too late to be called off: it goes on", () => {
    order();
    restart([image("3.0.0", "3")]);
    const next = session();
    next.inform("1.0.0");
    next.empty();
    expect(next.fault(9_021)).toBe("end");
    expect(status()).toMatchObject({ state: "pending", why: "is told to leave it" });
  });

  it("of which nobody hears any more has failed", () => {
    order();
    const dueMs = acs.nextTimeoutMs();
    expect(dueMs).toBe(NOW_MS + 86_400_000);
    acs.handleTimeout(dueMs - 1);
    expect(kept.take(acs)).toEqual([]);
    acs.handleTimeout(dueMs);
    expect(kept.take(acs)).toMatchObject([{ type: "ended", as: "failure" }]);
    expect(acs.nextTimeoutMs()).toBe(Infinity);
  });

  it("waits while the ACS is paused", () => {
    acs.setPaused(true);
    const paused = session();
    paused.inform("1.0.0");
    expect(paused.empty()).toBe("end");
    expect(status()).toMatchObject({ state: "waiting", why: "the ACS is paused" });
  });
});

describe("nobody knows whether the device has heard the order", () => {
  /** Killed when the order was kept, before or behind its way out. */
  function lost(version?: "1.0"): TestSession {
    const first = session(version);
    first.inform("1.0.0");
    expect(first.empty()).toMatchObject({ method: "Download" });
    restart();
    const second = session(version);
    second.inform("1.0.0");
    return second;
  }

  it("it has: nothing is asked for a second time", () => {
    const second = lost();
    expect(second.empty()).toEqual({ method: "GetAllQueuedTransfers" });
    const transfer = {
      commandKey: "poncast-1",
      state: 2,
      isDownload: true,
      fileType: "",
      fileSizeBytes: 0,
      targetFileName: "",
    };
    expect(second.say({ method: "GetAllQueuedTransfersResponse", transfers: [transfer] })).toBe("end");
    expect(typesOf(second.events)).toEqual(["taken"]);
  });

  it("it has not: it is asked again, by the same key", () => {
    const second = lost();
    second.empty();
    expect(second.say({ method: "GetAllQueuedTransfersResponse", transfers: [] })).toMatchObject({
      method: "Download",
      commandKey: "poncast-1",
    });
  });

  it("it has not, and runs the new version all the same: that is all there is to say", () => {
    const second = lost();
    second.inform("2.0.0", [BOOT]);
    second.empty();
    expect(second.say({ method: "GetAllQueuedTransfersResponse", transfers: [] })).toBe("end");
    expect(second.events.at(-1)).toMatchObject({ type: "ended", as: "success", detail: "runs 2.0.0" });
  });

  it("it has done it: it says so itself", () => {
    const second = lost();
    second.inform("2.0.0", [BOOT, ...TRANSFERRED]);
    second.say(complete("poncast-1"));
    expect(second.empty()).toBe("end");
    expect(second.events.at(-1)).toMatchObject({ type: "ended", as: "success" });
  });

  it("an old device has the older question, and one that knows neither is asked again", () => {
    const second = lost("1.0");
    expect(second.empty()).toEqual({ method: "GetQueuedTransfers" });
    expect(second.fault(9_000)).toMatchObject({ method: "Download", commandKey: "poncast-1" });
  });

  it("one that never answers is asked three times", () => {
    const asked: unknown[] = [];
    for (let count = 0; count < 6; count++) {
      restart();
      const each = session();
      each.inform("1.0.0");
      let said = each.empty();
      if (typeof said === "object" && "method" in said && said.method === "GetAllQueuedTransfers")
        said = each.say({ method: "GetAllQueuedTransfersResponse", transfers: [] });
      asked.push(said);
    }
    expect(asked.filter((said) => said !== "end").length).toBe(3);
    expect(status()).toMatchObject({ state: "failed" });
  });
});
