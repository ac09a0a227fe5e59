/** Cases: the attributes of the software image ME, read one by one and together. */
import { attributesLength, maskOf, RESULT, SOFTWARE_IMAGE, BASELINE_GET_VALUES_BYTES } from "../../../omci/index.ts";
import { step } from "../case.ts";
import { NotApplicable } from "../failure.ts";
import { flagsMask, instances, triple } from "../images.ts";
import { expectResult, type Tester } from "../tester.ts";
import { attributeFault, g988, maskText } from "./steps.ts";

const productCode = maskOf(SOFTWARE_IMAGE, "productCode");
/** 1 + 1 + 1 + 25 bytes: three more than a baseline answer has room for. */
const tooMany = maskOf(SOFTWARE_IMAGE, "isCommitted", "isActive", "isValid", "productCode");
const allMandatory = flagsMask;

/** The product code, which is optional. @throws NotApplicable without it */
async function needProductCode(t: Tester): Promise<void> {
  const { message } = await t.link.ask({ type: "getRequest", attributeMask: productCode });
  if (message.result !== RESULT.ok) throw new NotApplicable("the ONT has no product code attribute");
}

/** What the attributes of both images say. */
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
              `attribute ${maskText(attributeMask)} of image ${instanceId} reads ${alone} alone and ${together} with the others`,
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
            `the answer has mask ${maskText(message.attributeMask)} and ${message.values.length} bytes`,
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
        const bytes = attributesLength(SOFTWARE_IMAGE, attributeMask) ?? Infinity;
        if (bytes > BASELINE_GET_VALUES_BYTES)
          throw attributeFault(
            `the answer claims ${bytes} bytes of values (mask ${maskText(attributeMask)}), 25 fit`,
            frame.number,
          );
        const told = (attributeMask | attributeExecutionMask) & 0xffff;
        if (result !== RESULT.attributeFailed || told !== tooMany)
          throw attributeFault(
            `result ${result}, masks ${maskText(attributeMask)} and ${maskText(attributeExecutionMask)} do not account for ${maskText(tooMany)}`,
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
            `the answer has mask ${maskText(message.attributeMask)} and ${message.values.length} bytes, not ${bytes}`,
            frame.number,
          );
      }),
    ],
    pass: "Result 0 with all values.",
  }),
];
