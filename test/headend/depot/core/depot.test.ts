/** What the depot answers a device from its first poll to its end, and what it remembers. */
import { describe, expect, it } from "vitest";
import { Depot } from "../../../../headend/depot/core/index.ts";
import { artifact, config, delta, Device, image, NOON_MS, sha, window } from "./fixture.ts";

const OLD = { productCode: "PON", hardware: "HW-1", version: "1.0", imageSha256: sha("9") };
const NEW = { ...OLD, version: "2.0", imageSha256: sha("a") };
const DELTAS = { deltaFormats: "1" };

describe("an update", () => {
  it("from the first poll to commit", () => {
    const device = new Device();
    expect(device.poll()).toEqual(["configData", "deploymentBase"]);
    expect(device.tell(OLD)).toBe("ok");
    expect(device.poll()).toEqual(["deploymentBase"]);
    expect(device.fetch()).toEqual(["a.bundle", "forced"]);
    for (const step of ["proceeding", "download", "downloaded"] as const) expect(device.say(step)).toBe("ok");
    expect(device.state).toEqual(["pending", "downloaded"]);
    expect(device.tell(NEW)).toBe("ok");
    expect(device.say("closed", "success", "committed")).toBe("ok");
    expect(device.state).toEqual(["upToDate", "committed"]);
    expect(device.poll()).toEqual(["configData"]);
    expect(device.say("closed", "success")).toBe("gone");
    expect(device.fetch("77")).toBe("notFound");
  });

  it("with a delta where it runs its base and takes them, and whole after the delta failed", () => {
    const device = new Device();
    device.poll();
    device.tell({ ...OLD, ...DELTAS });
    expect(device.fetch()).toEqual(["d.bundle", "forced"]);
    device.say("closed", "failure", "rebuild-failed");
    expect(device.poll()).toEqual(["configData", "deploymentBase"]);
    expect(device.fetch()).toEqual(["a.bundle", "forced"]);
    device.say("closed", "failure", "bad flash");
    expect(device.poll()).toEqual(["configData"]);
    expect(device.state).toEqual(["failed", "bad flash"]);
  });

  it("is not reported again and again while it goes on", () => {
    const device = new Device();
    device.poll();
    for (let percent = 0; percent < 100; percent++) device.say("proceeding", "none", `${percent} %`);
    expect(device.events.map(({ type }) => type)).toEqual(["device", "action", "feedback"]);
  });

  it("that was said to be done, by a device that runs another image, is a failure", () => {
    const device = new Device();
    device.poll();
    device.fetch();
    device.say("closed", "success", "done");
    device.tell(OLD);
    expect(device.state).toEqual(["failed", "it said that it was done, but runs another image"]);
  });

  it("of another device is nobody's", () => {
    const [one, other] = [new Device(), new Device()];
    one.poll();
    expect(
      one.depot.handleFeedback("ont-2", one.action, { id: "", execution: "closed", finished: "success", details: [] }),
    ).toEqual({ kind: "notFound" });
    expect(other.tell(OLD)).toBe("notFound");
  });
});

describe("who gets what", () => {
  const given = (attributes: Record<string, string>, artifacts = [image, delta], rest = {}): unknown => {
    const device = new Device(new Depot({ ...config, ...rest }, artifacts));
    const first = device.poll();
    device.tell(attributes);
    device.poll();
    return device.status?.action === undefined ? device.status?.why : [first.length, device.fetch()];
  };
  const whole = [2, ["a.bundle", "forced"]];
  const other = artifact({ digit: "b", hardware: ["HW-2"] });

  it.each<[string, unknown, unknown]>([
    ["whole where it takes no deltas", given(OLD), whole],
    ["whole where the delta is from another image", given({ ...OLD, ...DELTAS, imageSha256: sha("8") }), whole],
    ["whole where the delta is no smaller", given({ ...OLD, ...DELTAS }, [image, { ...delta, sizeBytes: 1e6 }]), whole],
    ["nothing where no image is there", given(OLD, [delta]), "there is no image"],
    ["nothing where it is for others", given({ ...OLD, hardware: "HW-9" }, [image, other]), "no image is for PON HW-9"],
    ["nothing before it said which hardware it is", given({}, [image, other]), "it has not said its hardware yet"],
    ["its own of several", given({ hardware: "HW-2" }, [image, other]), [1, ["b.bundle", "forced"]]],
    [
      "the newest",
      given({ hardware: "HW-1" }, [image, artifact({ digit: "c", version: "10.0" })]),
      [2, ["c.bundle", "forced"]],
    ],
    ["nothing that has expired", given(OLD, [{ ...image, expiresMs: NOON_MS }]), "the image has expired"],
    [
      "a file that is no bundle",
      given(OLD, [artifact({ digit: "f", kind: "file", hardware: [] })]),
      [2, ["f.bundle", "forced"]],
    ],
  ])("%s", (_name, got, wanted) => expect(got).toEqual(wanted));

  it("what it runs decides as soon as it is known", () => {
    const cases: [Record<string, string>, object, string[]][] = [
      [NEW, {}, ["upToDate", "runs 2.0"]],
      [{ ...NEW, imageSha256: sha("7") }, {}, ["idle", "it has not polled since there is something for it"]],
      [{ ...OLD, version: "3.0" }, {}, ["upToDate", "runs 3.0, which is newer than 2.0"]],
      [
        { ...OLD, version: "3.0" },
        { allowDowngrade: true },
        ["idle", "it has not polled since there is something for it"],
      ],
    ];
    for (const [attributes, rest, state] of cases) {
      const device = new Device(new Depot({ ...config, ...rest }, [image]));
      device.depot.restore(undefined, [
        { type: "device", device: "ont-1" },
        { type: "attributes", device: "ont-1", attributes },
      ]);
      expect(device.state).toEqual(state);
    }
    const strict = new Device(new Depot(config, [{ ...image, minimumVersion: "1.5" }]));
    strict.depot.restore(undefined, [
      { type: "device", device: "ont-1" },
      { type: "attributes", device: "ont-1", attributes: OLD },
    ]);
    expect(strict.poll()).toEqual([]);
    expect(strict.state).toEqual(["idle", "runs 1.0; 2.0 replaces 1.5 and newer"]);
  });
});

describe("a window", () => {
  const closed = (): Device => new Device(new Depot({ ...config, window }, [image]));
  const openMs = Date.UTC(2026, 10, 28, 3);

  it("lets devices download before it opens, and install in it", () => {
    const device = closed();
    device.poll();
    expect(device.fetch()).toEqual(["a.bundle", "skip"]);
    device.say("downloaded");
    expect(device.state).toEqual(["waiting", "its window opens 2026-11-28T02:00:00.000Z"]);
    device.nowMs = openMs;
    expect(device.fetch()).toEqual(["a.bundle", "forced"]);
  });

  it("SWUpdate, which says that it is done with what it was told to skip, is not believed", () => {
    const device = closed();
    device.poll();
    device.fetch();
    expect(device.say("closed", "success", "Skipped Update.")).toBe("ok");
    expect(device.poll()).toContain("deploymentBase");
    device.nowMs = openMs;
    device.fetch();
    device.say("proceeding");
    device.nowMs = openMs + 3 * 3_600_000;
    device.fetch();
    // It broke off as the window had closed.
    device.say("closed", "failure");
    device.say("closed", "success", "Skipped Update.");
    expect(device.status?.state).toBe("pending");
    device.tell(NEW);
    device.say("closed", "success");
    expect(device.status?.state).toBe("upToDate");
  });

  it("what fails before it opens has failed", () => {
    const device = closed();
    device.poll();
    device.fetch();
    device.say("closed", "failure", "untrusted-signature");
    expect(device.state).toEqual(["failed", "untrusted-signature"]);
  });
});

describe("the operator", () => {
  it("pauses: nobody is told of anything; resumes: all goes on", () => {
    const device = new Device();
    device.poll();
    device.depot.setPaused(true);
    device.depot.setPaused(true);
    expect(device.poll()).toEqual(["configData"]);
    expect(device.state).toEqual(["waiting", "the depot is paused"]);
    device.depot.setPaused(false);
    expect(device.poll()).toContain("deploymentBase");
    expect(device.events.filter(({ type }) => type === "paused")).toHaveLength(2);
  });

  it("pauses: what a device is at is held up, and goes on when it resumes", () => {
    const device = new Device();
    device.poll();
    device.tell(OLD);
    device.fetch();
    device.say("download");
    device.depot.setPaused(true);
    expect(device.poll()).toContain("deploymentBase");
    expect(device.fetch()).toEqual(["a.bundle", "skip"]);
    // Somebody's client closes what it was told to skip: that ends nothing.
    expect([device.say("closed", "success"), device.state[0]]).toEqual(["ok", "waiting"]);
    device.depot.setPaused(false);
    expect(device.fetch()).toEqual(["a.bundle", "forced"]);
  });

  it("leaves a device out, and all: what is under way is canceled, and nothing is begun, whatever is forgotten", () => {
    const one = new Device();
    const two = new Device(one.depot, "ont-2");
    for (const device of [one, two]) device.poll();
    one.depot.leaveOut("ont-1");
    expect([one.poll(), two.poll()]).toEqual([
      ["configData", "cancelAction"],
      ["configData", "deploymentBase"],
    ]);
    one.cancel("closed", "success");
    expect([one.poll(), one.state]).toEqual([["configData"], ["idle", "left out by an operator"]]);
    one.depot.leaveOut();
    expect(two.poll()).toContain("cancelAction");
    expect(new Device(one.depot, "ont-3").poll()).toEqual(["configData"]);
    const again = new Depot(config, [image]);
    again.restore(JSON.parse(JSON.stringify(one.depot.snapshot())), []);
    expect(new Device(again, "ont-4").poll()).toEqual(["configData"]);
  });

  it("has another image: what is under way is canceled, then the other comes", () => {
    const before = new Device();
    before.poll();
    const after = new Device(new Depot(config, [artifact({ digit: "b", version: "3.0" })]));
    after.depot.restore(before.depot.snapshot(), []);
    expect(after.poll()).toEqual(["configData", "cancelAction"]);
    expect(after.depot.handleCancel("ont-1", after.action)).toMatchObject({ body: { stopId: "1" } });
    expect(after.cancel("rejected")).toBe("ok");
    expect(after.poll()).toEqual(["configData", "cancelAction"]);
    expect(after.cancel("closed", "success")).toBe("ok");
    expect(after.poll()).toEqual(["configData", "deploymentBase"]);
    expect(after.fetch()).toEqual(["b.bundle", "forced"]);
    expect(after.action).toBe("2");
  });
});

describe("what is remembered", () => {
  it("is the same from its events, and from a snapshot and the events since", () => {
    const device = new Device();
    device.poll();
    device.tell({ ...OLD, ...DELTAS });
    device.fetch();
    device.say("downloaded");
    const [half, at] = [JSON.stringify(device.depot.snapshot()), device.events.length];
    device.say("closed", "failure");
    device.poll();
    device.depot.setPaused(true);
    device.poll();
    const whole = new Depot(config, [image, delta]);
    whole.restore(undefined, device.events);
    const rest = new Depot(config, [image, delta]);
    rest.restore(JSON.parse(half), device.events.slice(at));
    expect(device.events.length).toBeGreaterThan(at + 2);
    expect(whole.snapshot()).toEqual(device.depot.snapshot());
    expect(rest.snapshot()).toEqual(device.depot.snapshot());
  });

  it("has an end: devices, and what each says of itself", () => {
    const depot = new Depot({ ...config, devicesMax: 1 }, [image]);
    const [one, two] = [new Device(depot), new Device(depot, "ont-2")];
    expect(one.poll()).not.toEqual(["full"]);
    expect(two.poll()).toEqual(["full"]);
    const many = (from: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: 128 }, (_, at) => [`key${from + at}`, ""]));
    one.tell(many(0));
    one.tell(many(1_000));
    expect(depot.snapshot().devices[0].attributes).toEqual(many(0));
    one.tell({ key0: "" }, "remove");
    one.tell({ only: "x" }, "replace");
    expect(depot.snapshot().devices[0].attributes).toEqual({ only: "x" });
  });
});
