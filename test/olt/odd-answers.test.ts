/** Answers that leave something out, or are to somebody else's questions. */
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage, MT, RECOVERY } from "../../omci/index.ts";
import type { Message } from "../../omci/messages.ts";
import { createOlt, type OltEvent, turnOlt } from "../../olt/index.ts";
import { committedBytes, makeFleet, oltConfig, sourceOf } from "../support/fleet.ts";
import { openSouthbound } from "../support/southbound.ts";

describe("answers that leave something out", () => {
  it("a bitmap that is asked for and not told counts as nothing received", () => {
    let isLost = false;
    let emptied = 0;
    const fleet = makeFleet({
      onts: 2,
      // Baseline: every frame is as long as any other.
      olt: { recovery: "selective", messageSet: "baseline", sectionBytes: 31 },
      imageBytes: 3000,
      link: {
        latencyNs: 1e6,
        loses: (direction, _onuId, pdu) => {
          if (direction === "up") {
            const decoded = decodeMessage(pdu);
            if (!decoded.ok || decoded.message.type !== "getResponse" || decoded.message.classId !== RECOVERY)
              return false;
            // As long as the answer to the first question for a bitmap, and "ok", but without any attribute.
            if ((decoded.message.attributeMask & 0x4000) === 0) return false;
            const message: Message = {
              ...decoded.message,
              attributeMask: 0x1000,
              values: decoded.message.values.slice(18, 20),
            };
            const bytes = new Uint8Array(pdu.length);
            encodeMessage(message, bytes);
            pdu.fill(0);
            pdu.set(bytes);
            emptied++;
            return false;
          }
          const isFirst = !isLost && (pdu[2] & 0x1f) === 20 && pdu[8] === 2;
          isLost ||= isFirst;
          return isFirst;
        },
      },
    });
    fleet.pon.run();
    expect(emptied).toBeGreaterThan(0);
    expect(fleet.pon.olt.status().onts.map(({ phase }) => phase)).toEqual(["committed", "committed"]);
    for (const ont of fleet.pon.onts) expect(Buffer.compare(committedBytes(ont), fleet.image)).toBe(0);
  });
});

describe("an ONT that grants less each time it is asked", () => {
  it("makes the group begin with what all have granted last", () => {
    const grants: readonly number[][] = [[32, 8], [16]];
    const answered = [0, 0];
    let highest = 0;
    const fleet = makeFleet({
      onts: 2,
      olt: { recovery: "window", messageSet: "baseline", sectionBytes: 31, windowSections: 32 },
      imageBytes: 3000,
      link: {
        latencyNs: 1e6,
        loses: (direction, onuId, pdu) => {
          const decoded = decodeMessage(pdu);
          if (!decoded.ok) return false;
          const { message } = decoded;
          if (message.type === "startDownloadResponse") {
            const windowSections = grants[onuId]?.[answered[onuId]!++];
            if (windowSections !== undefined) encodeMessage({ ...message, windowSections }, pdu);
          }
          if (direction === "down" && message.type === "downloadSectionRequest")
            highest = Math.max(highest, message.sectionNumber);
          return false;
        },
      },
    });
    fleet.pon.run();
    expect(highest).toBe(7);
    expect(fleet.pon.olt.status().onts.map(({ phase }) => phase)).toEqual(["committed", "committed"]);
    expect(answered).toEqual([2, 2]);
  });
});

describe("an ONT that grants more sections than were proposed", () => {
  it("is taken at what was proposed, and not started again for it", () => {
    let starts = 0;
    let highest = 0;
    const fleet = makeFleet({
      onts: 2,
      olt: { recovery: "window", messageSet: "baseline", sectionBytes: 31, windowSections: 32 },
      imageBytes: 3000,
      link: {
        latencyNs: 1e6,
        loses: (direction, onuId, pdu) => {
          const decoded = decodeMessage(pdu);
          if (!decoded.ok || onuId !== 0) return false;
          const { message } = decoded;
          if (message.type === "startDownloadResponse") encodeMessage({ ...message, windowSections: 200 }, pdu);
          if (direction !== "down") return false;
          if (message.type === "startDownloadRequest") starts++;
          if (message.type === "downloadSectionRequest") highest = Math.max(highest, message.sectionNumber);
          return false;
        },
      },
    });
    // An OLT that took the 200 would ask it for 32 again and again.
    fleet.pon.run(() => starts > 10);
    expect(starts).toBe(1);
    expect(highest).toBe(31);
    expect(fleet.pon.olt.status().onts.map(({ phase }) => phase)).toEqual(["committed", "committed"]);
  });
});

describe("answers that somebody else asked for", () => {
  it("are dropped, though they carry the TCI of a question under way", () => {
    const olt = createOlt(oltConfig({ expectedOnts: 1 }), sourceOf(new Uint8Array(100)));
    const sent: Message[] = [];
    const events: OltEvent[] = [];
    const southbound = openSouthbound({
      frame: (_to: number, bytes: Uint8Array, lengthBytes: number) => {
        const decoded = decodeMessage(bytes.subarray(0, lengthBytes));
        if (decoded.ok) sent.push(decoded.message as Message);
      },
      sections: () => undefined,
    });
    const turn = (nowNs: number): unknown =>
      turnOlt(olt, southbound, { event: (_nowNs, event) => events.push(event) }, nowNs);
    const answerTo = (question: Message, change: Partial<Message>): Uint8Array => {
      const pdu = new Uint8Array(44);
      const { tci, messageSet, classId, instanceId } = question;
      const values = new Uint8Array(21);
      const masks = { attributeMask: 0xc000, optionalAttributeMask: 0, attributeExecutionMask: 0 };
      const answer = { type: "getResponse", result: 0, ...masks, values, tci, messageSet, classId, instanceId };
      encodeMessage({ ...answer, ...change } as Message, pdu);
      return pdu;
    };
    olt.handleRanged(0, 7, "PCST00000001");
    turn(0);
    const [question] = sent;
    expect(question).toMatchObject({ type: "getRequest", classId: 257, instanceId: 0 });
    // The last OLT asked for an image under this TCI.
    olt.handleFrame(
      1,
      7,
      answerTo(question, { classId: 7, attributeMask: 0x8000, values: new Uint8Array(14) } as never),
    );
    olt.handleFrame(1, 7, answerTo(question, { instanceId: 1 }));
    turn(1);
    expect(sent).toHaveLength(1);
    olt.handleFrame(2, 7, answerTo(question, {}));
    turn(2);
    expect(sent[1]).toMatchObject({ type: "getRequest", classId: 7 });
    const dropped = events.filter(({ type }) => type === "dropped");
    expect(dropped).toEqual([
      { type: "dropped", onuId: 7, cause: "unexpected-answer" },
      { type: "dropped", onuId: 7, cause: "unexpected-answer" },
    ]);
  });
});

describe("an ONT that answers Commit, and does not commit", () => {
  it("is not told as committed: its flags say what became of it", () => {
    let asked = -1;
    const fleet = makeFleet({
      onts: 1,
      olt: { messageSet: "baseline", sectionBytes: 31 },
      imageBytes: 3000,
      link: {
        latencyNs: 1e6,
        loses: (direction, _onuId, pdu) => {
          const tci = (pdu[0] << 8) | pdu[1];
          if (direction === "down" && pdu[2] === (0x40 | MT.commitImage)) {
            // A Get of nothing in its place, which changes nothing and is answered "ok".
            asked = tci;
            pdu[2] = 0x40 | MT.get;
          } else if (direction === "up" && tci === asked && pdu[2] === (0x20 | MT.get)) {
            pdu[2] = 0x20 | MT.commitImage;
          }
          return false;
        },
      },
    });
    fleet.pon.run();
    expect(asked).toBeGreaterThan(0);
    expect(fleet.pon.olt.status().onts).toMatchObject([
      { phase: "failed", cause: "Commit was answered ok, but did not commit" },
    ]);
  });
});
