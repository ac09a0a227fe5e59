/** Faults in what becomes of the two images: given up, committed, on trial, after a power cut; and in what the ONT tells of them. */
import { MT } from "../../omci/index.ts";
import { selfImages } from "../../conform/targets/self.ts";
import { answers, attribute, type Fault, flagsMask, type Frame, type Injected, validAt } from "./faults.ts";

const md5 = Buffer.from(selfImages().image.md5, "hex");

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

/** The command is answered 0 and not carried out. */
const pretends = (type: number): Fault => ({
  down: (pdu, reply) => {
    if (pdu.type !== type) return pdu.bytes;
    reply(pdu.answer(0));
    return undefined;
  },
});
export const imageFaults: readonly Injected[] = [
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
  { id: "abort.stored", key: "wrong-flags", fault: () => invalidOnce(isAbort, 1) },
  { id: "abort.trial", key: "wrong-flags", fault: () => invalidOnce(isAbort, 1) },
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
];
