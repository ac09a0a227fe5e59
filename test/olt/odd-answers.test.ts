import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage, RECOVERY } from "../../omci/index.ts";
import type { Message } from "../../omci/messages.ts";
import { committedBytes, makeFleet } from "../support/fleet.ts";

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
