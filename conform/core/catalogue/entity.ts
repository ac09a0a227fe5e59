/** Cases: Get on the software image ME, its attributes and masks, and what the ME refuses. */
import {
  attributesLength,
  maskOf,
  ONU2_G,
  RESULT,
  SOFTWARE_IMAGE,
  supportsExtended,
  BASELINE_GET_VALUES_BYTES,
} from "../../../omci/index.ts";
import { step } from "../case.ts";
import { NotApplicable } from "../failure.ts";
import { flagsMask, instances, triple } from "../images.ts";
import { expectResult, type Tester } from "../tester.ts";
import { attributeFault, field, g988 } from "./steps.ts";

const productCode = maskOf(SOFTWARE_IMAGE, "productCode");
/** 1 + 1 + 1 + 25 bytes: three more than a baseline answer has room for. */
const tooMany = maskOf(SOFTWARE_IMAGE, "isCommitted", "isActive", "isValid", "productCode");
const allMandatory = flagsMask;
const lastAttribute = 0x0001;
const unknownInstance = 0xfefe;
/** Reserved by table 11.2.4-1. */
const unknownClass = 60_000;
const set = 8;
const create = 4;

const hex = (mask: number): string => `0x${mask.toString(16).padStart(4, "0")}`;

/** The product code, which is optional. @throws NotApplicable without it */
async function needProductCode(t: Tester): Promise<void> {
  const { message } = await t.link.ask({ type: "getRequest", attributeMask: productCode });
  if (message.result !== RESULT.ok) throw new NotApplicable("the ONT has no product code attribute");
}

/** Reading the software image ME. */
export const entityCases = [
  g988({
    id: "me.flags",
    title: "Version and flags of both images in one Get",
    clause: "9.1.4",
    objective: "Both instances exist and have the four mandatory attributes.",
    preconditions: ["free"],
    steps: [
      step("Get attributes 1 to 4 of instances 0 and 1.", async (t) => {
        for (const [instance, state] of (await t.images.readBoth()).entries()) {
          const flagValues = [state.committed, state.active, state.valid];
          if (flagValues.every((flag) => flag === 0 || flag === 1)) continue;
          throw attributeFault(`a flag of image ${instance} is neither 0 nor 1: ${triple(state)}`, state.frame);
        }
      }),
    ],
    pass: "Result 0, all four attributes in the answer, each flag 0 or 1.",
  }),
  g988({
    id: "me.invariants",
    title: "One image committed, one active, and those valid",
    clause: "9.1.4",
    objective: "There are never two committed or two active images, and what runs and what boots is valid.",
    preconditions: ["free"],
    steps: [
      step("Get the flags of both images.", async (t) => {
        const states = await t.images.readBoth();
        const [{ frame }] = states;
        const all = states.map(triple).join(" and ");
        const count = (flag: "committed" | "active"): number => states[0][flag] + states[1][flag];
        if (count("committed") !== 1) throw attributeFault(`not exactly one image is committed: ${all}`, frame);
        if (count("active") !== 1) throw attributeFault(`not exactly one image is active: ${all}`, frame);
        const inUse = states.filter(({ committed, active }) => committed + active > 0);
        if (inUse.some(({ valid }) => valid !== 1)) throw attributeFault(`an image in use is not valid: ${all}`, frame);
      }),
    ],
    pass: "Exactly one image is committed and exactly one active; both are valid.",
  }),
  g988({
    id: "me.one-by-one",
    title: "Each attribute alone",
    clause: "9.1.4",
    objective: "An attribute reads the same alone as with the others.",
    preconditions: ["free"],
    steps: [
      step("Get attributes 1 to 4 of both instances, each alone, and compare with one Get of all.", async (t) => {
        for (const instanceId of instances) {
          const whole = await t.link.ask({ type: "getRequest", attributeMask: allMandatory }, { instanceId });
          let at = 0;
          for (const name of ["version", "isCommitted", "isActive", "isValid"] as const) {
            const attributeMask = maskOf(SOFTWARE_IMAGE, name);
            const { message, frame } = await t.link.ask({ type: "getRequest", attributeMask }, { instanceId });
            const bytes = attributesLength(SOFTWARE_IMAGE, attributeMask)!;
            const alone = Buffer.from(message.values.subarray(0, bytes)).toString("hex");
            const together = Buffer.from(whole.message.values.subarray(at, at + bytes)).toString("hex");
            at += bytes;
            if (message.result === RESULT.ok && message.attributeMask === attributeMask && alone === together) continue;
            throw attributeFault(
              `attribute ${hex(attributeMask)} of image ${instanceId} reads ${alone} alone and ${together} with the others`,
              frame.number,
            );
          }
        }
      }),
    ],
    pass: "Every answer is 0 with the one attribute, equal to its part of the joint answer.",
  }),
  g988({
    id: "me.product-code",
    title: "Product code",
    clause: "9.1.4",
    objective: "The optional product code, where there is one, is 25 bytes of text.",
    preconditions: ["free"],
    steps: [
      step("Get attribute 5 of instance 0.", async (t) => {
        const { message, frame } = await t.link.ask({ type: "getRequest", attributeMask: productCode });
        if (message.result === RESULT.attributeFailed && message.optionalAttributeMask === productCode)
          throw new NotApplicable("the ONT has no product code attribute");
        expectResult("Get of the product code", { result: message.result, frame: frame.number }, [RESULT.ok]);
        if (message.attributeMask !== productCode || message.values.length < BASELINE_GET_VALUES_BYTES)
          throw attributeFault(
            `the answer has mask ${hex(message.attributeMask)} and ${message.values.length} bytes`,
            frame.number,
          );
      }),
    ],
    pass: "Result 0 with 25 bytes, or 9 with the attribute in the optional-attribute mask.",
  }),
  g988({
    id: "me.too-much",
    title: "A Get that does not fit a baseline answer",
    clause: "11.2",
    objective:
      "Attributes beyond the 25 bytes of a baseline answer are told by result and mask, not by writing over the masks.",
    preconditions: ["free"],
    only: "baseline",
    steps: [
      step("Get the three flags and the product code, 28 bytes.", async (t) => {
        await needProductCode(t);
        const { message, frame } = await t.link.ask({ type: "getRequest", attributeMask: tooMany });
        const { result, attributeMask, attributeExecutionMask } = message;
        const bytes = attributesLength(SOFTWARE_IMAGE, attributeMask) ?? Number.POSITIVE_INFINITY;
        if (bytes > BASELINE_GET_VALUES_BYTES)
          throw attributeFault(
            `the answer claims ${bytes} bytes of values (mask ${hex(attributeMask)}), 25 fit`,
            frame.number,
          );
        const told = (attributeMask | attributeExecutionMask) & 0xffff;
        if (result !== RESULT.attributeFailed || told !== tooMany)
          throw attributeFault(
            `result ${result}, masks ${hex(attributeMask)} and ${hex(attributeExecutionMask)} do not account for ${hex(tooMany)}`,
            frame.number,
          );
      }),
    ],
    pass: "Result 9; what does not fit is in the attribute-execution mask, what does in the attribute mask.",
  }),
  g988({
    id: "me.all-at-once",
    title: "All attributes in one extended Get",
    clause: "11.2",
    objective: "An extended answer has room for all attributes.",
    preconditions: ["free"],
    only: "extended",
    steps: [
      step("Get attributes 1 to 5 of instance 0, 42 bytes.", async (t) => {
        await needProductCode(t);
        const attributeMask = allMandatory | productCode;
        const { message, frame } = await t.link.ask({ type: "getRequest", attributeMask });
        expectResult("Get of attributes 1 to 5", { result: message.result, frame: frame.number }, [RESULT.ok]);
        const bytes = attributesLength(SOFTWARE_IMAGE, attributeMask);
        if (message.attributeMask !== attributeMask || message.values.length !== bytes)
          throw attributeFault(
            `the answer has mask ${hex(message.attributeMask)} and ${message.values.length} bytes, not ${bytes}`,
            frame.number,
          );
      }),
    ],
    pass: "Result 0 with all values.",
  }),
  g988({
    id: "me.unknown-attribute",
    title: "Get of an attribute that class 7 does not have",
    clause: "11.2",
    objective: "Unknown attributes are named in the optional-attribute mask; the others are answered.",
    preconditions: ["free"],
    steps: [
      step("Get is-valid and attribute 16 of instance 0.", async (t) => {
        const isValid = maskOf(SOFTWARE_IMAGE, "isValid");
        const { message, frame } = await t.link.ask({ type: "getRequest", attributeMask: isValid | lastAttribute });
        expectResult("Get of an unknown attribute", { result: message.result, frame: frame.number }, [
          RESULT.attributeFailed,
        ]);
        if (message.optionalAttributeMask !== lastAttribute || message.attributeMask !== isValid)
          throw attributeFault(
            `masks ${hex(message.attributeMask)} and optional ${hex(message.optionalAttributeMask)}; ${hex(isValid)} and ${hex(lastAttribute)} are wanted`,
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
        const address = { instanceId: unknownInstance };
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
        const address = { classId: unknownClass };
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
        const outcome = await t.link.askOther(set, contents);
        if (outcome !== undefined) expectResult("Set of a read-only attribute", outcome, [1, 2, 3, 9]);
      }),
      step("Create instance 0xFEFE of class 7.", async (t) => {
        const outcome = await t.link.askOther(create, new Uint8Array(14), { instanceId: unknownInstance });
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
