/** Every case can fail: for each there is a fault, put into our own ONT, that it finds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MT } from "../../omci/index.ts";
import type { MessageSet } from "../../omci/messages.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import type { FailureKey } from "../../conform/core/failure.ts";
import { runCases } from "../../conform/core/runner.ts";
import type { Matrix } from "../../conform/reports/matrix.ts";
import { selfImages } from "../../conform/targets/self.ts";
import { answers, attribute, type Fault, faultyTarget, type Frame } from "./faults.ts";

const images = selfImages();
const flagsMask = 0xf000;
const validAt = 16;
const second = 1_000_000_000;
const md5 = Buffer.from(images.image.md5, "hex");

interface Injected {
  id: string;
  /** What the case says. */
  key: FailureKey;
  /** What is wrong with the ONT; called for each run, so that it may count. */
  fault: () => Fault;
  set?: MessageSet;
}

const isAbort = (pdu: Frame): boolean =>
  pdu.type === MT.endDownload && pdu.contents.subarray(4, 8).every((byte) => byte === 0);

/** Is-valid of one image reads 0 once something has happened. */
function invalidOnce(happened: (pdu: Frame) => boolean, instanceId: number, times = 1): Fault {
  let count = 0;
  return {
    down: (pdu) => {
      if (happened(pdu)) count += 1;
      return pdu.bytes;
    },
    ...attribute(flagsMask, (values, frame) => {
      if (count >= times && frame.instanceId === instanceId) values[validAt] = 0;
    }),
  };
}

/** A request to the ONT turned into another. */
const turned = (when: (pdu: Frame) => boolean, into: (pdu: Frame) => Uint8Array | undefined): Fault => ({
  down: (pdu) => (when(pdu) ? into(pdu) : pdu.bytes),
});

const withByte = (at: number, value: number) => (pdu: Frame) => pdu.bytes.with(at, value);
const lose = (): undefined => undefined;

/** The command is answered 0 and not carried out. */
const pretends = (type: number): Fault => ({
  down: (pdu, reply) => {
    if (pdu.type !== type) return pdu.bytes;
    reply(pdu.answer(0));
    return undefined;
  },
});

/** One fault for each case that no quirk profile, or none but the crudest, makes fail. */
const injected: readonly Injected[] = [
  { id: "me.flags", key: "wrong-attribute", fault: () => attribute(flagsMask, (values) => (values[validAt] = 3)) },
  {
    id: "me.invariants",
    key: "wrong-attribute",
    fault: () => attribute(flagsMask, (values, { instanceId }) => instanceId === 0 && (values[validAt] = 0)),
  },
  { id: "me.one-by-one", key: "wrong-attribute", fault: () => attribute(0x8000, (values) => (values[3]! ^= 1)) },
  {
    id: "me.product-code",
    key: "wrong-attribute",
    fault: () => attribute(0x0800, (_values, { contents }) => (contents[1] = 0)),
  },
  {
    id: "me.all-at-once",
    set: "extended",
    key: "wrongly-refused",
    fault: () => attribute(0xf800, (_values, { contents }) => (contents[0] = 9)),
  },
  {
    id: "me.unknown-attribute",
    key: "wrong-attribute",
    fault: () => attribute(0x1000, (_values, { contents }) => contents.fill(0, 28, 30)),
  },
  {
    id: "me.unknown-class",
    key: "wrong-result",
    fault: () => answers(MT.get, ({ classId, contents }) => void (classId === 60_000 && (contents[0] = 5))),
  },
  {
    id: "me.omcc-version",
    key: "wrong-attribute",
    fault: () => answers(MT.get, ({ classId, values }) => void (classId === 257 && (values[0] = 0x10))),
  },
  {
    id: "me.repeated-get",
    key: "wrong-attribute",
    fault: () => {
      let count = 0;
      return attribute(flagsMask, (values) => (values[0] = count++));
    },
  },
  { id: "me.repeat-of-instances", key: "no-answer", fault: () => ({ quirk: { answersMax: 60 } }) },
  {
    id: "unknown.message-type",
    key: "wrongly-accepted",
    fault: () => answers(31, ({ contents }) => void (contents[0] = 0)),
  },
  {
    id: "unknown.device",
    key: "unasked-answer",
    fault: () => turned((pdu) => pdu.bytes[3] === 0x0c, withByte(3, 0x0a)),
  },
  {
    id: "unknown.answer",
    key: "unasked-answer",
    fault: () => turned((pdu) => pdu.bytes[2] === 0x29, withByte(2, 0x49)),
  },
  {
    id: "unknown.cut-short",
    key: "unasked-answer",
    fault: () =>
      turned(
        (pdu) => pdu.bytes.length === 9,
        ({ bytes }) => Uint8Array.from([...bytes, ...new Uint8Array(31), 0, 0, 0, 40]),
      ),
  },
  {
    id: "unknown.contents-length",
    set: "extended",
    key: "unasked-answer",
    fault: () => turned((pdu) => pdu.bytes[9] === 200, withByte(9, 2)),
  },
  {
    id: "unknown.class-of-commands",
    key: "wrongly-accepted",
    fault: () => answers(MT.commitImage, ({ classId, contents }) => void (classId === 257 && (contents[0] = 0))),
  },
  { id: "trailer.answers", key: "wrong-trailer", fault: () => answers(MT.get, ({ bytes }) => void (bytes[47]! ^= 1)) },
  { id: "trailer.wrong-get", key: "unasked-answer", fault: () => ({ ignoresTrailer: true }) },
  { id: "trailer.wrong-section", key: "wrongly-accepted", fault: () => ({ ignoresTrailer: true }) },
  { id: "trailer.wrong-activate", key: "unasked-answer", fault: () => ({ ignoresTrailer: true }) },
  { id: "trailer.wrong-end", key: "unasked-answer", fault: () => ({ ignoresTrailer: true }) },
  {
    id: "start.parallel-marker",
    key: "wrongly-accepted",
    fault: () =>
      answers(MT.startDownload, ({ instanceId, contents }) => void (instanceId === 0xffff && (contents[0] = 0))),
  },
  {
    id: "window.within-proposal",
    key: "wrong-window",
    fault: () => answers(MT.startDownload, ({ contents }) => void (contents[1]! += contents[1] === 255 ? 0 : 1)),
  },
  {
    id: "concurrent.burst",
    key: "no-answer",
    fault: () => {
      let lastNs = 0;
      return {
        up: ({ bytes }, nowNs) => {
          const isHasty = nowNs - lastNs < 200_000;
          lastNs = nowNs;
          return isHasty ? undefined : bytes;
        },
      };
    },
  },
  {
    id: "abort.without-download",
    key: "wrongly-refused",
    fault: () => {
      let aborted = false;
      return {
        down: (pdu) => {
          aborted ||= isAbort(pdu);
          return pdu.bytes;
        },
        ...answers(MT.startDownload, ({ contents }) => void (aborted && (contents[0] = 3))),
      };
    },
  },
  // The first abort is that of the preconditions.
  { id: "abort.stored", key: "wrong-flags", fault: () => invalidOnce(isAbort, 1, 2) },
  { id: "abort.trial", key: "wrong-flags", fault: () => invalidOnce(isAbort, 1, 2) },
  {
    id: "commit.running",
    key: "wrongly-refused",
    fault: () => answers(MT.commitImage, ({ contents }) => void (contents[0] = 3)),
  },
  { id: "hash.md5", key: "wrong-hash", fault: () => attribute(0x0400, (values) => (values[0]! ^= 1)) },
  {
    id: "hash.after-abort",
    key: "wrong-hash",
    fault: () =>
      answers(MT.get, (frame) => {
        if (frame.mask(1) !== 0) return;
        frame.contents[0] = 0;
        frame.contents[1] = 0x04;
        frame.values.set(md5);
      }),
  },
  {
    id: "sync.get",
    key: "wrong-sync",
    fault: () => {
      let count = 0;
      return answers(MT.get, ({ classId, values }) => void (classId === 2 && (values[0] = count++)));
    },
  },
  {
    id: "sync.repeat",
    key: "wrong-sync",
    fault: () => {
      let starts = 0;
      return {
        down: (pdu) => {
          if (pdu.type === MT.startDownload) starts += 1;
          return pdu.bytes;
        },
        ...answers(MT.get, ({ classId, values }) => void (classId === 2 && (values[0] = starts))),
      };
    },
  },
  {
    id: "sync.download",
    key: "wrong-sync",
    fault: () => answers(MT.get, ({ classId, values }) => void (classId === 2 && (values[0] = 5))),
  },
  {
    id: "sync.mib-reset",
    key: "wrong-sync",
    fault: () => answers(MT.get, ({ classId, values }) => void (classId === 2 && (values[0] = 5))),
  },
  {
    id: "sync.rolls-over",
    key: "wrong-sync",
    fault: () => {
      let before = 0;
      return answers(MT.get, ({ classId, values }) => {
        if (classId !== 2) return;
        if (before === 255) values[0] = 0;
        before = values[0]!;
      });
    },
  },
  {
    id: "power.idle",
    key: "wrong-flags",
    fault: () => {
      let cut = false;
      return {
        onPowerCycle: () => (cut = true),
        ...attribute(flagsMask, (values, { instanceId }) => cut && instanceId === 1 && (values[validAt] = 0)),
      };
    },
  },
  { id: "power.commit", key: "wrong-flags", fault: () => pretends(MT.commitImage) },
  { id: "trial.commit", key: "wrong-flags", fault: () => pretends(MT.commitImage) },
  {
    id: "trial.commit-original",
    key: "wrongly-refused",
    fault: () => answers(MT.commitImage, ({ contents }) => void (contents[0] = 3)),
  },
  {
    id: "trial.activate-original",
    key: "wrong-flags",
    fault: () => invalidOnce((pdu) => pdu.type === MT.activateImage, 1, 2),
  },
  {
    id: "trial.download-back",
    key: "wrongly-refused",
    fault: () => answers(MT.startDownload, ({ instanceId, contents }) => void (instanceId === 0 && (contents[0] = 3))),
  },
  {
    id: "download.over-valid",
    key: "wrongly-refused",
    fault: () => {
      let good = 0;
      return answers(MT.endDownload, ({ contents }) => {
        if (contents[0] === 0 && ++good > 1) contents[0] = 1;
      });
    },
  },
  {
    id: "download.short-16",
    key: "wrongly-refused",
    fault: () => answers(MT.downloadSection, ({ contents }) => void (contents[1] !== 15 && (contents[0] = 1))),
  },
  { id: "download.pace", key: "too-slow", fault: () => ({ quirk: { answerDelayNs: 0.6 * second } }) },
  {
    id: "start.again-other-size",
    key: "wrongly-refused",
    fault: () => {
      const sizes = new Set<string>();
      return {
        down: (pdu) => {
          if (pdu.type === MT.startDownload) sizes.add(Buffer.from(pdu.contents.subarray(1, 5)).toString("hex"));
          return pdu.bytes;
        },
        ...answers(MT.endDownload, ({ contents }) => void (sizes.size > 1 && (contents[0] = 1))),
      };
    },
  },
  {
    id: "window.one",
    key: "wrong-answer",
    fault: () => answers(MT.downloadSection, ({ contents }) => void (contents[1] = 1)),
  },
  {
    id: "window.no-answer-without-ar",
    key: "unasked-answer",
    fault: () => ({
      down: (pdu, reply) => {
        if (pdu.type === MT.downloadSection && !pdu.ar) reply(pdu.answer(0));
        return pdu.bytes;
      },
    }),
  },
  { id: "order.swapped-end", key: "wrongly-refused", fault: () => ({ quirk: { countsSectionsBlindly: true } }) },
  {
    id: "order.other-instance-silent",
    key: "wrongly-refused",
    fault: () =>
      turned(
        (pdu) => pdu.instanceId === 0xfefe,
        ({ bytes }) => bytes.with(6, 0).with(7, 1),
      ),
  },
  {
    id: "concurrent.get",
    key: "wrongly-refused",
    fault: () => {
      let hasGet = false;
      return {
        down: (pdu) => {
          const isLost = hasGet && pdu.type === MT.downloadSection && !pdu.ar;
          hasGet = pdu.type === MT.get;
          return isLost ? undefined : pdu.bytes;
        },
      };
    },
  },
  { id: "concurrent.get-high", key: "no-answer", fault: () => turned((pdu) => pdu.tci >= 0x8000, lose) },
  { id: "concurrent.pause", key: "wrongly-refused", fault: () => ({ quirk: { downloadTimeoutNs: 30 * second } }) },
  {
    id: "form.padding",
    key: "wrong-form",
    fault: () => answers(MT.startDownload, ({ contents }) => void (contents[20] = 0x20)),
  },
  {
    id: "form.extended-length",
    set: "extended",
    key: "wrong-form",
    fault: () =>
      answers(MT.startDownload, ({ bytes }) => {
        const longer = Uint8Array.from([...bytes.subarray(0, 13), 0, ...bytes.subarray(13)]);
        longer[9]! += 1;
        return longer;
      }),
  },
  { id: "form.answer-time", key: "late-answer", fault: () => ({ quirk: { answerDelayNs: 1.2 * second } }) },
  {
    id: "extended.largest",
    set: "extended",
    key: "wrongly-refused",
    fault: () => ({ quirk: { windowBytesMax: 7000 } }),
  },
  {
    id: "extended.one-byte",
    set: "extended",
    key: "wrongly-refused",
    fault: () => turned((pdu) => pdu.type === MT.downloadSection && pdu.bytes.length === 12 && !pdu.ar, lose),
  },
  {
    id: "extended.too-long",
    set: "extended",
    key: "unasked-answer",
    fault: () =>
      turned(
        (pdu) => pdu.bytes.length === 1977,
        ({ bytes }) =>
          bytes
            .with(8, 1966 >> 8)
            .with(9, 1966 & 0xff)
            .slice(0, 1976),
      ),
  },
  {
    id: "mixed.commands-baseline",
    set: "extended",
    key: "wrong-answer",
    fault: () => ({
      up: ({ bytes, isExtended }) => (isExtended || (bytes[0] === 0 && bytes[1] === 0) ? bytes : bytes.with(5, 8)),
    }),
  },
  {
    id: "mixed.windows",
    set: "extended",
    key: "no-answer",
    fault: () => turned((pdu) => pdu.type === MT.downloadSection && !pdu.isExtended, lose),
  },
  {
    id: "mixed.get",
    set: "extended",
    key: "no-answer",
    fault: () => turned((pdu) => pdu.type === MT.get && !pdu.isExtended, lose),
  },
];

/** Profiles that make most cases fail, whatever they are about. */
const crude = ["mute", "falls-silent", "busy-forever", "crc-swapped"];

describe("faults that no profile has", () => {
  for (const { id, key, fault, set = "baseline" } of injected) {
    it(`${id}: ${key}`, async () => {
      const each = catalogue.find((one) => one.id === id);
      expect(each).toBeDefined();
      const [report] = await runCases([each!], {
        target: faultyTarget(images, fault()),
        messageSet: set,
        image: images.image,
      });
      expect([report!.verdict, report!.fault?.key], report!.cause ?? report!.fault?.text).toEqual(["fail", key]);
      expect(report!.fault!.text.length).toBeGreaterThan(10);
      expect(report!.fault!.frame).toBeGreaterThan(0);
    });
  }

  it("each case fails for a profile that is not crude, or for one of these", () => {
    const matrix = JSON.parse(readFileSync(join(import.meta.dirname, "matrix.json"), "utf8")) as Matrix;
    const failing = new Set(injected.map(({ id }) => id));
    for (const [name, row] of Object.entries(matrix)) {
      if (crude.includes(name)) continue;
      for (const id of [...Object.keys(row.baseline), ...Object.keys(row.extended)]) failing.add(id);
    }
    expect(catalogue.map(({ id }) => id).filter((id) => !failing.has(id))).toEqual([]);
  });
});
