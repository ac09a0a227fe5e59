/** What lists say of a message. */
import { expect, it } from "vitest";
import { factsOf } from "../../decode/index.ts";
import type { Message } from "../../omci/messages.ts";

const header = { tci: 9, classId: 7, instanceId: 1, messageSet: "baseline" } as const;

it("an instance that Start or End names once more is not told as another one", () => {
  const start = (...instances: number[]): Message => ({
    ...header,
    type: "startDownloadRequest",
    windowSections: 4,
    imageBytes: 100,
    instances,
  });
  expect(factsOf(start())).toBe("window 4, 100 bytes");
  expect(factsOf(start(1))).toBe("window 4, 100 bytes");
  expect(factsOf(start(1, 0x101))).toBe("window 4, 100 bytes, also 0x0101");
  const end: Message = { ...header, type: "endDownloadRequest", imageBytes: 100, crc32: 5, instances: [1] };
  expect(factsOf(end)).toBe("100 bytes, CRC-32 0x00000005");
});
