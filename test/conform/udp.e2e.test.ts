/** The tester over real sockets: to our ONT in all its wrappings, and to things that are no ONT. */
import { afterEach, describe, expect, it } from "vitest";
import type { MessageSet } from "../../omci/messages.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import type { CaseReport } from "../../conform/core/outcome.ts";
import { runCases } from "../../conform/core/runner.ts";
import { selectCases } from "../../conform/core/select.ts";
import { selfImages } from "../../conform/targets/self.ts";
import { targetOf } from "../../conform/targets/parse.ts";
import { relayEnvelope } from "../../conform/targets/udp.ts";
import { serve, serveOnt, type UdpServer } from "./udp-ont.ts";

const images = selfImages();
const servers: UdpServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Run {
  only?: string[];
  scheme?: string;
  path?: string;
  messageSet?: MessageSet;
  timeScale?: number;
  hasImage?: boolean;
  powerCycleCommand?: string;
}

async function run(server: UdpServer, options: Run = {}): Promise<CaseReport[]> {
  servers.push(server);
  const { only = ["me.*"], scheme = "udp", path = "", messageSet = "baseline", timeScale = 0.2 } = options;
  const { powerCycleCommand } = options;
  const target = targetOf(`${scheme}://127.0.0.1:${server.port}${path}`, {
    timeScale,
    sectionGapNs: 0,
    ...(powerCycleCommand === undefined ? {} : { powerCycleCommand }),
  });
  const cases = selectCases(catalogue, { only, skip: [], messageSet });
  return runCases(cases, { target, messageSet, image: options.hasImage === false ? undefined : images.image });
}

const verdicts = (reports: readonly CaseReport[]): Record<string, string> =>
  Object.fromEntries(reports.map(({ id, verdict }) => [id, verdict]));
const notPassed = (reports: readonly CaseReport[]): unknown[] =>
  reports
    .filter(({ verdict }) => verdict !== "pass")
    .map(({ id, verdict, cause, fault }) => [id, verdict, cause ?? fault?.text]);

/** Cases that show every kind of traffic and wait little. */
const someCases = ["me.*", "trailer.answers", "trailer.wrong-get", "loss.middle", "end.wrong-crc", "trial.reboot"];

/** So slow that a restart lasts longer than this process stands still on a busy machine: else the tester, who lives in it too, does not see it. */
const SPEED = 4;

describe("an ONT behind plain UDP", () => {
  it("passes in baseline", async () => {
    const reports = await run(await serveOnt(images, { speed: SPEED }), { only: someCases });
    expect(notPassed(reports)).toEqual([]);
    expect(reports.length).toBeGreaterThan(15);
  });

  it("passes in extended", async () => {
    const only = ["me.*", "extended.largest", "mixed.windows", "trial.reboot"];
    expect(notPassed(await run(await serveOnt(images, { speed: SPEED }), { only, messageSet: "extended" }))).toEqual(
      [],
    );
  });

  for (const bytes of [40, 44]) {
    it(`is understood when its baseline frames have ${bytes} bytes`, async () => {
      const server = await serveOnt(images, { shape: (frame) => frame.slice(0, bytes) });
      expect(notPassed(await run(server, { only: ["me.*", "loss.middle"] }))).toEqual([]);
    });
  }

  it("is told by the trailer of its frames", async () => {
    const spoil = (frame: Uint8Array): Uint8Array =>
      frame.map((byte, at) => (at === frame.length - 1 ? byte ^ 1 : byte));
    const [report] = await run(await serveOnt(images, { shape: spoil }), { only: ["trailer.answers"] });
    expect(report?.fault?.key).toBe("wrong-trailer");
  });

  it("without an image skips what needs one, and says so", async () => {
    const reports = await run(await serveOnt(images), { only: ["me.flags", "loss.first"], hasImage: false });
    expect(reports.map(({ verdict, cause }) => [verdict, cause])).toEqual([
      ["pass", undefined],
      ["skip", "no image to download was given"],
    ]);
  });

  it("that refuses the image has those cases skipped with the cause", async () => {
    const bytes = Uint8Array.from(images.image.bytes, (byte, at) => (at === 0 ? byte ^ 0xff : byte));
    const server = await serveOnt(images);
    servers.push(server);
    const target = targetOf(`udp://127.0.0.1:${server.port}`, { timeScale: 0.2, sectionGapNs: 0 });
    const cases = selectCases(catalogue, { only: ["me.flags", "loss.*"], skip: [], messageSet: "baseline" });
    const [first, ...others] = await runCases(cases, {
      target,
      messageSet: "baseline",
      image: { ...images.image, bytes },
    });
    expect(first?.verdict).toBe("pass");
    for (const { verdict, cause } of others) {
      expect(verdict).toBe("skip");
      expect(cause).toContain("the ONT refuses the image: window 0");
    }
  });

  it("whose power command fails has those cases skipped with the cause", async () => {
    const only = ["power.after-start"];
    const [report] = await run(await serveOnt(images), { only, powerCycleCommand: "echo out of order >&2; exit 3" });
    expect(report).toMatchObject({ verdict: "skip", cause: expect.stringContaining("out of order") });
  });

  it("whose power command works is expected to have restarted", async () => {
    // The command does nothing: the ONT goes on downloading, and is found out.
    const [report] = await run(await serveOnt(images), { only: ["power.in-window"], powerCycleCommand: "true" });
    expect(report?.fault?.key).toBe("wrongly-accepted");
  });
});

describe("an ONT behind an OB-BAA relay", () => {
  it("passes; its name and ONU-ID go along, and trailers do not", async () => {
    const seen: string[] = [];
    const envelope = relayEnvelope("CT_7", 300);
    const server = await serveOnt(images, {
      hasTrailer: false,
      shape: (frame) => frame.slice(0, -4),
      envelope: {
        wrap: (frame) => envelope.wrap(frame),
        unwrap: (datagram) => {
          seen.push(Buffer.from(datagram.subarray(0, 32)).toString("hex"));
          return envelope.unwrap(datagram);
        },
      },
    });
    const only = ["me.*", "loss.middle", "trailer.wrong-get"];
    const reports = await run(server, { scheme: "relay", path: "/CT_7/300", only });
    expect(verdicts(reports)).toMatchObject({
      "me.flags": "pass",
      "loss.middle": "pass",
      "trailer.wrong-get": "notApplicable",
    });
    expect(notPassed(reports).length).toBe(1);
    expect(new Set(seen)).toEqual(new Set([`${Buffer.from("CT_7").toString("hex").padEnd(60, "0")}012c`]));
  });

  it("frames of another ONU-ID are not its own", async () => {
    const server = await serveOnt(images, { hasTrailer: false, envelope: relayEnvelope("CT_1", 2) });
    const [report] = await run(server, { scheme: "relay", path: "/CT_1/1", only: ["me.flags"], timeScale: 0.02 });
    expect(report?.fault?.key).toBe("no-answer");
  });
});

describe("no ONT that could be tested", () => {
  it("a port where nothing answers: one failure, the others skipped with the cause", async () => {
    const reports = await run(await serve(() => undefined), { timeScale: 0.02 });
    const [first, ...others] = reports;
    expect(first).toMatchObject({ verdict: "fail", fault: { key: "no-answer" } });
    for (const { verdict, cause } of others) {
      expect(verdict).toBe("skip");
      expect(cause).toBe("the ONT does not answer: no answer to Get within 0.1 s");
    }
  });

  it("a port where nobody listens", async () => {
    const server = await serve(() => undefined);
    const closed = { ...server, close: () => undefined };
    server.close();
    const [first, second] = await run(closed, { timeScale: 1 });
    const text = expect.stringMatching(/^nobody listens on udp:/);
    expect(first).toMatchObject({ verdict: "fail", fault: { key: "no-answer", text } });
    // Told before one answer's time is over.
    expect(first.durationNs).toBeLessThan(3e9);
    expect(second).toMatchObject({ verdict: "skip", cause: text });
  });

  it("garbage", async () => {
    let state = 1;
    const server = await serve((_datagram, reply) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      reply(Uint8Array.from({ length: state % 100 }, (_, at) => (state >>> (at % 24)) & 0xff));
    });
    const [first, ...others] = await run(server, { timeScale: 0.1 });
    expect(first).toMatchObject({ verdict: "fail", fault: { key: "unreadable-answer" } });
    expect(others.every(({ verdict }) => verdict === "skip")).toBe(true);
  });

  it("answers of the right transaction with nonsense behind", async () => {
    const server = await serve((datagram, reply) => {
      const frame = Buffer.alloc(48, 0xee);
      datagram.copy(frame, 0, 0, 8);
      frame[2] = 0x29;
      reply(frame);
    });
    const [first] = await run(server);
    expect(first?.fault?.key).toBe("wrong-attribute");
  });

  it("the OLT's own frames, echoed", async () => {
    const [first] = await run(await serve((datagram, reply) => reply(datagram)), { timeScale: 0.02 });
    expect(first?.fault?.key).toBe("no-answer");
  });

  it("a flood of frames, answers among them too late", async () => {
    let timer: NodeJS.Timeout | undefined;
    const server = await serve((datagram, reply) => {
      const notification = Buffer.from(datagram.subarray(0, 48)).fill(0, 0, 2);
      const babble = (): void => {
        for (let times = 0; times < 100; times++) reply(notification);
      };
      timer ??= setInterval(babble, 1);
    });
    const [first, second] = await run(
      { ...server, close: () => (clearInterval(timer), server.close()) },
      { timeScale: 5 },
    );
    expect(first?.fault?.key).toBe("flood");
    expect(second?.verdict).not.toBe("pass");
  });

  it("an ONT without the extended message set says so in an extended run", async () => {
    const ont = await serveOnt(images, { shape: (frame) => (frame[3] === 0x0b ? undefined : frame) });
    const [first, second] = await run(ont, { messageSet: "extended", timeScale: 0.1 });
    expect(first?.fault?.key).toBe("no-answer");
    expect(second?.cause).toContain("baseline messages alone");
  });

  for (const diesAfter of [20, 200, 700]) {
    it(`an ONT that dies after ${diesAfter} frames: a clear verdict, then skipped`, async () => {
      const reports = await run(await serveOnt(images, { diesAfter }), {
        only: ["me.*", "download.*", "loss.*"],
        timeScale: 0.05,
      });
      const failed = reports.filter(({ verdict }) => verdict === "fail");
      expect(failed.length).toBeGreaterThanOrEqual(1);
      expect(failed.every(({ fault }) => fault?.key === "no-answer")).toBe(true);
      const last = reports.at(-1);
      expect(last).toMatchObject({ verdict: "skip", cause: expect.stringContaining("the ONT does not answer") });
    });
  }
});
