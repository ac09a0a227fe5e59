/** Which request an answer belongs to, and what decode says of answers and requests that are late, missing or doubled. */
import { describe, expect, it } from "vitest";
import { traceOf } from "../../decode/index.ts";
import { BROADCAST, Conversation, FIRST, GROUP_INSTANCE, imagesOf, plain, right, warningsOf } from "./frames.ts";

describe("requests and answers", () => {
  it("late, stray and missing answers, and requests that are sent again", () => {
    const conversation = new Conversation();
    const get = { type: "getRequest", attributeMask: 0x8000 } as const;
    const commit = { type: "commitImageRequest" } as const;
    conversation.down(1, 5, get).down(1, 5, get).down(1, 6, commit).down(2, 5, commit);
    conversation.timeNs += 1.5e9;
    conversation.up(1, 6, { type: "commitImageResponse", result: 3 });
    conversation.up(1, 6, { type: "commitImageResponse", result: 3 });
    const records = conversation.records();
    expect(warningsOf(records)).toEqual([
      { frame: 2, kind: "repeatedRequest", text: "sent again: frame 1 was not answered" },
      { frame: 5, kind: "lateAnswer", text: "late: 1.5 s after frame 3" },
      { frame: 6, kind: "strayAnswer", text: "answers no request that was seen, or one that was answered before" },
      { frame: 2, kind: "unanswered", text: "was not answered" },
      { frame: 4, kind: "unanswered", text: "was not answered" },
    ]);
    expect(records.find((record) => record.record === "frame" && record.frame === 5)).toMatchObject({
      answers: 3,
      answerNs: 1.502e9,
    });
  });

  it("what all are asked, each answers; parity sections and the next window have TCIs in common", () => {
    const conversation = new Conversation().start(1, 1, 400).start(2, 1, 400);
    conversation.window(BROADCAST, 2, FIRST, undefined, GROUP_INSTANCE).answer(1, 5, 3, 1, 1).answer(2, 5, 3);
    conversation.parity(2, FIRST, 1);
    conversation.answer(1, 6, 0, 0, 0, { classId: 65280, instanceId: 0x0203 });
    const records = conversation.records();
    expect(warningsOf(records).map(({ kind }) => kind)).toEqual(["refused"]);
    const links = records.flatMap((record) => (record.record === "frame" && record.answers ? [record.answers] : []));
    expect(links).toEqual([1, 3, 8, 8, 11]);
  });

  it("a request is open for half a minute, not for ever", () => {
    const conversation = new Conversation();
    conversation.down(1, 5, { type: "commitImageRequest" });
    conversation.timeNs += 60e9;
    conversation.down(1, 6, { type: "commitImageRequest" });
    expect(warningsOf(traceOf(conversation.frames.slice(0, 2)))[0]).toMatchObject({ frame: 1, kind: "unanswered" });
  });

  it("frames with a wrong trailer say nothing", () => {
    const conversation = plain();
    // The first section: a repeat of it with a flipped bit is dropped by every ONT.
    const spoiled = conversation.frames[2].frame.slice();
    spoiled[20] ^= 1;
    conversation.frames.splice(3, 0, { ...conversation.frames[2], frame: spoiled });
    const records = traceOf(conversation.frames);
    expect(warningsOf(records)).toEqual([{ frame: 4, kind: "wrongTrailer", text: "wrong CRC-32 in the trailer" }]);
    expect(imagesOf(records)).toMatchObject([right]);
  });
});
