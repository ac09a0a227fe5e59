/** Cases: Activate image starts the image it names, and refuses images that are not valid or not there. */
import { RESULT } from "../../../omci/index.ts";
import { type ConformCase, step } from "../case.ts";
import { expectResult, type Tester } from "../tester.ts";
import { activateTarget, emptyTarget, flags, g988, rest, startWindow } from "./steps.ts";

const UNKNOWN_INSTANCE = 0xfefe;
const RESERVED_FLAGS = 3;

async function activateRefused(t: Tester, what: string): Promise<void> {
  t.refused(what, await t.askActivate(t.images.target));
}

const withFlags = (value: number, title: string): ConformCase =>
  g988({
    id: `activate.flags-${value}`,
    title,
    clause: "A.3.23 to A.3.32",
    objective: "The flags hold an Activate back during a call; without a call it is carried out.",
    preconditions: ["stored"],
    steps: [
      step(`Activate the target with flags ${value}; no call is up.`, (t) => t.activate(t.images.target, value)),
      flags("after Activate", "1/0/1", "0/1/1"),
    ],
    pass: "0, and the target runs.",
  });

/** Activate image. */
export const activateCases = [
  g988({
    id: "activate.stored",
    title: "Activate of a valid image",
    clause: "9.1.4, figure 9.1.4-1",
    objective:
      "Activate is answered, then the ONT restarts into the image; what is committed does not change (S3 to S4).",
    preconditions: ["stored"],
    steps: [activateTarget, flags("after Activate", "1/0/1", "0/1/1")],
    pass: "0; the target is active and not committed, the original committed and not active.",
  }),
  withFlags(1, "Activate unless a call is up"),
  withFlags(2, "Activate unless an emergency call is up"),
  g988({
    id: "activate.flags-reserved",
    title: "Activate with reserved flags",
    clause: "A.3.23 to A.3.32",
    objective: "Flags 3 are reserved: no command.",
    preconditions: ["stored"],
    steps: [
      step("Activate the target with flags 3: it is refused.", async (t) =>
        t.refused("Activate with reserved flags", await t.askActivate(t.images.target, RESERVED_FLAGS)),
      ),
      flags("after a refused Activate", "1/1/1", "0/0/1"),
    ],
    pass: "An error; the original goes on running.",
  }),
  g988({
    id: "activate.invalid",
    title: "Activate of an image that is not valid",
    clause: "9.1.4",
    objective: "Activate is legal on a valid image.",
    preconditions: ["free"],
    steps: [
      emptyTarget,
      step("Activate the target: it is refused.", (t) => activateRefused(t, "Activate of an image that is not valid")),
      flags("after a refused Activate", "1/1/1", "0/0/0"),
    ],
    pass: "An error; the original goes on running.",
  }),
  g988({
    id: "activate.downloading",
    title: "Activate of the image that is being downloaded",
    clause: "9.1.4",
    objective: "An image in the making is not valid.",
    preconditions: ["image", "free"],
    steps: [
      step("Start and send one window.", async (t) => {
        await startWindow(t, 8);
        await t.download.window();
      }),
      step("Activate the target: it is refused.", (t) => activateRefused(t, "Activate of an image in the making")),
      flags("after a refused Activate", "1/1/1", "0/0/0"),
      rest,
      step("End with the image's CRC and size.", (t) => t.download.end()),
    ],
    pass: "An error; the download goes on and ends with 0.",
  }),
  g988({
    id: "activate.running",
    title: "Activate of the image that runs",
    clause: "9.1.4",
    objective: "Activating the running image is a restart that changes no flag.",
    preconditions: ["free"],
    steps: [
      step("Activate the original; wait until the ONT went down and answers again.", (t) =>
        t.activate(t.images.original),
      ),
      flags("after the restart", "1/1/1", "0/0/*"),
    ],
    pass: "0, a restart, the flags as before.",
  }),
  g988({
    id: "activate.unknown-instance",
    title: "Activate of an instance that is not there",
    clause: "11.2",
    objective: "Unknown instances are told by result 5.",
    preconditions: ["free"],
    steps: [
      step("Activate instance 0xFEFE.", async (t) =>
        expectResult("Activate of an unknown instance", await t.askActivate(UNKNOWN_INSTANCE), [
          RESULT.unknownInstance,
        ]),
      ),
    ],
    pass: "Result 5.",
  }),
  g988({
    id: "activate.repeated",
    title: "Activate repeated to the bit",
    clause: "B.2",
    objective: "The repeat of an Activate whose answer was lost is no second restart, and no error.",
    preconditions: ["stored"],
    steps: [
      step(
        "Activate the target twice, with the same TCI: both answers are 0, unless the ONT is down by then.",
        async (t) => {
          const tci = t.link.nextTci();
          expectResult("Activate", await t.askActivate(t.images.target, 0, tci), [RESULT.ok]);
          const pdu = t.link.encode({ type: "activateImageRequest", flags: 0 }, { instanceId: t.images.target, tci });
          const since = t.link.inbox.length;
          t.link.sendBytes(pdu);
          const repeated = await t.link.find(
            ({ frame }) => frame.bytes[0] === tci >> 8 && frame.bytes[1] === (tci & 0xff),
            since,
            500,
          );
          if (repeated?.decoded.ok === true && repeated.decoded.message.type === "activateImageResponse")
            expectResult(
              "the repeat of Activate",
              { result: repeated.decoded.message.result, frame: repeated.frame.number },
              [0],
            );
        },
      ),
      step("Wait until the ONT went down and answers again.", (t) => t.untilRestarted(t.images.target)),
      flags("after Activate", "1/0/1", "0/1/1"),
    ],
    pass: "0, and 0 or silence; the target runs.",
  }),
];
