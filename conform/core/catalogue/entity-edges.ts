/** Cases: requests that the software image ME refuses, what the ONT says of its message sets, and Gets that come again. */
import { maskOf, ONU2_G, RESULT, SOFTWARE_IMAGE, supportsExtended } from "../../../omci/index.ts";
import { step } from "../case.ts";
import { flagsMask } from "../images.ts";
import { expectResult } from "../tester.ts";
import { attributeFault, field, g988, maskText } from "./steps.ts";

const LAST_ATTRIBUTE = 0x0001;
const UNKNOWN_INSTANCE = 0xfefe;
/** Reserved by table 11.2.4-1. */
const UNKNOWN_CLASS = 60_000;
const SET = 8;
const CREATE = 4;

/** What is not there, cannot be written, or is asked again and again. */
export const entityEdgeCases = [
  g988({
    id: "me.unknown-attribute",
    title: "Get of an attribute that class 7 does not have",
    clause: "11.2",
    objective: "Unknown attributes are named in the optional-attribute mask; the others are answered.",
    preconditions: ["free"],
    steps: [
      step("Get is-valid and attribute 16 of instance 0.", async (t) => {
        const isValid = maskOf(SOFTWARE_IMAGE, "isValid");
        const { message, frame } = await t.link.ask({ type: "getRequest", attributeMask: isValid | LAST_ATTRIBUTE });
        expectResult("Get of an unknown attribute", { result: message.result, frame: frame.number }, [
          RESULT.attributeFailed,
        ]);
        if (message.optionalAttributeMask !== LAST_ATTRIBUTE || message.attributeMask !== isValid)
          throw attributeFault(
            `masks ${maskText(message.attributeMask)} and optional ${maskText(message.optionalAttributeMask)}; ${maskText(isValid)} and ${maskText(LAST_ATTRIBUTE)} are wanted`,
            frame.number,
            "11.2",
          );
      }),
    ],
    pass: "Result 9, is-valid in the attribute mask, attribute 16 in the optional-attribute mask.",
  }),
  g988({
    id: "me.unknown-instance",
    title: "Get of an instance that is not there",
    clause: "11.2",
    objective: "Unknown instances are told by result 5.",
    preconditions: ["free"],
    steps: [
      step("Get the flags of instance 0xFEFE.", async (t) => {
        const address = { instanceId: UNKNOWN_INSTANCE };
        const { message, frame } = await t.link.ask({ type: "getRequest", attributeMask: flagsMask }, address);
        expectResult("Get of an unknown instance", { result: message.result, frame: frame.number }, [
          RESULT.unknownInstance,
        ]);
      }),
    ],
    pass: "Result 5.",
  }),
  g988({
    id: "me.unknown-class",
    title: "Get of a class that is not there",
    clause: "11.2",
    objective: "Unknown ME classes are told by result 4.",
    preconditions: ["free"],
    steps: [
      step("Get attribute 1 of class 60000, instance 0.", async (t) => {
        const address = { classId: UNKNOWN_CLASS };
        const { message, frame } = await t.link.ask({ type: "getRequest", attributeMask: 0x8000 }, address);
        expectResult("Get of an unknown class", { result: message.result, frame: frame.number }, [RESULT.unknownMe]);
      }),
    ],
    pass: "Result 4.",
  }),
  g988({
    id: "me.omcc-version",
    title: "OMCC version of ONU2-G",
    clause: "9.1.2",
    objective: "The version names a known edition, and one that has the message set in use.",
    preconditions: ["free"],
    steps: [
      step("Get attribute 2 of ONU2-G.", async (t) => {
        const attributeMask = maskOf(ONU2_G, "omccVersion");
        const { message, frame } = await t.link.ask({ type: "getRequest", attributeMask }, { classId: ONU2_G });
        expectResult("Get of the OMCC version", { result: message.result, frame: frame.number }, [RESULT.ok]);
        const version = message.values[0] ?? 0;
        const named = `OMCC version 0x${version.toString(16).padStart(2, "0")}`;
        if (![0x8, 0x9, 0xa, 0xb].includes(version >> 4))
          throw attributeFault(`${named} is none that is defined`, frame.number, "9.1.2");
        if (t.isExtended && !supportsExtended(version))
          throw attributeFault(
            `${named} has the baseline set alone, yet the ONT answers extended messages`,
            frame.number,
            "9.1.2",
          );
      }),
    ],
    pass: "0x8y, 0x9y, 0xAy or 0xBy; an ONT that answers extended messages has 0x96 or 0xBy.",
  }),
  g988({
    id: "me.repeated-get",
    title: "A Get repeated to the bit",
    clause: "B.2",
    objective: "The repeat of a request whose answer was lost gets the same answer.",
    preconditions: ["free"],
    steps: [
      step("Send the same Get twice, with the same TCI.", async (t) => {
        const pdu = t.link.encode({ type: "getRequest", attributeMask: flagsMask });
        const first = await t.link.askBytes("getRequest", pdu);
        const second = await t.link.askBytes("getRequest", pdu);
        if (Buffer.compare(first.frame.bytes, second.frame.bytes) !== 0)
          throw attributeFault("the repeat of a Get was answered otherwise than the Get", second.frame.number, "B.2");
      }),
    ],
    pass: "Both answers are equal.",
  }),
  g988({
    id: "me.read-only",
    title: "Set of a read-only attribute, Create of an image",
    clause: "9.1.4",
    objective: "The images are the ONT's own: an OLT can neither write nor create them.",
    preconditions: ["free"],
    steps: [
      step("Set the version of instance 0.", async (t) => {
        const contents = Uint8Array.from([0x80, 0, ...new Uint8Array(14).fill(0x58)]);
        const outcome = await t.link.askOther(SET, contents);
        if (outcome !== undefined) expectResult("Set of a read-only attribute", outcome, [1, 2, 3, 9]);
      }),
      step("Create instance 0xFEFE of class 7.", async (t) => {
        const outcome = await t.link.askOther(CREATE, new Uint8Array(14), { instanceId: UNKNOWN_INSTANCE });
        if (outcome !== undefined) expectResult("Create of a software image", outcome, [1, 2, 3, 5, 9]);
      }),
      step("Read both images: nothing has changed.", async (t) => {
        const { version, frame } = await t.images.read(0);
        if (version === "X".repeat(14)) throw attributeFault("the version of image 0 was overwritten", frame);
      }),
    ],
    pass: "Neither is answered 0, and the version is what it was.",
  }),
  field({
    id: "me.repeat-of-instances",
    title: "Both images read fifty times",
    clause: "9.1.4",
    objective: "Management systems poll: the ONT goes on answering.",
    preconditions: ["free"],
    steps: [
      step("Get the flags of both images, fifty times.", async (t) => {
        for (let times = 0; times < 50; times++) await t.images.readBoth();
      }),
    ],
    pass: "Every Get is answered.",
  }),
];
