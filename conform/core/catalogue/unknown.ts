/** Cases: frames that an ONT does not know or cannot read: refused or passed over, never harmful. */
import { ONU2_G, RESULT } from "../../../omci/index.ts";
import { step } from "../case.ts";
import { flagsMask } from "../images.ts";
import { framedResultOf } from "../link.ts";
import { expectResult } from "../tester.ts";
import { g988, stillAnswers } from "./steps.ts";

const RESERVED_TYPE = 31;

/** What an ONT is not to react to, or only to refuse. */
export const unknownCases = [
  g988({
    id: "unknown.message-type",
    title: "A message type that is not defined",
    clause: "table 11.2.2-1",
    objective: "Unknown message types do no harm.",
    preconditions: ["free"],
    steps: [
      step("Send a request of message type 31 to class 7.", async (t) => {
        const outcome = await t.link.askOther(RESERVED_TYPE, new Uint8Array(0));
        if (outcome !== undefined)
          expectResult("message type 31", outcome, [RESULT.notSupported, RESULT.processingError]);
      }),
      stillAnswers,
    ],
    pass: "No answer, or 2 or 1; Gets are answered afterwards.",
  }),
  g988({
    id: "unknown.device",
    title: "A device identifier that is not defined",
    clause: "11.2",
    objective: "Frames of neither message set are dropped.",
    preconditions: ["free"],
    steps: [
      step("Send a Get with device identifier 0x0C: no answer.", async (t) => {
        const pdu = t.link.encode({ type: "getRequest", attributeMask: flagsMask }, { messageSet: "baseline" });
        pdu[3] = 0x0c;
        await t.link.sendUnanswered(pdu, "device identifier 0x0C is not defined");
      }),
      stillAnswers,
    ],
    pass: "No answer; Gets are answered afterwards.",
  }),
  g988({
    id: "unknown.answer",
    title: "An answer sent to the ONT",
    clause: "table 11.2.2-1",
    objective: "AK is set by the ONT alone: what comes in with it is no request.",
    preconditions: ["free"],
    steps: [
      step("Send a Get with AK in place of AR: no answer.", async (t) => {
        const pdu = t.link.encode({ type: "getRequest", attributeMask: flagsMask });
        pdu[2] = 0x29;
        await t.link.sendUnanswered(pdu, "a frame with AK is no request");
      }),
      stillAnswers,
    ],
    pass: "No answer; Gets are answered afterwards.",
  }),
  g988({
    id: "unknown.cut-short",
    title: "A frame that ends too early",
    clause: "11.2",
    objective: "Frames shorter than they say are dropped.",
    preconditions: ["free"],
    steps: [
      step("Send the first 9 bytes of a Get: no answer.", async (t) => {
        const pdu = t.link.encode({ type: "getRequest", attributeMask: flagsMask });
        await t.link.sendUnanswered(pdu.subarray(0, 9), "the frame ended after 9 bytes");
      }),
      stillAnswers,
    ],
    pass: "No answer; Gets are answered afterwards.",
  }),
  g988({
    id: "unknown.contents-length",
    title: "A contents length beyond the frame",
    clause: "11.2",
    objective: "An extended frame that claims more contents than it has is dropped.",
    preconditions: ["free"],
    only: "extended",
    steps: [
      step("Send an extended Get whose contents length is 200: no answer.", async (t) => {
        const pdu = t.link.encode({ type: "getRequest", attributeMask: flagsMask });
        pdu[9] = 200;
        await t.link.sendUnanswered(pdu, "the contents length was beyond the frame");
      }),
      stillAnswers,
    ],
    pass: "No answer; Gets are answered afterwards.",
  }),
  g988({
    id: "unknown.class-of-commands",
    title: "Download commands to another class",
    clause: "9.1.4",
    objective: "Start, End, Activate and Commit are actions of class 7 alone.",
    preconditions: ["free"],
    steps: [
      step("Send Start, End, Activate and Commit to ONU2-G: each is refused.", async (t) => {
        const address = { classId: ONU2_G, instanceId: 0 };
        const requests = [
          { type: "startDownloadRequest", windowSections: 8, imageBytes: 1000, instances: [0] },
          { type: "endDownloadRequest", crc32: 0, imageBytes: 1000, instances: [0] },
          { type: "activateImageRequest", flags: 0 },
          { type: "commitImageRequest" },
        ] as const;
        for (const request of requests) {
          const body = "instances" in request ? { ...request, instances: [...request.instances] } : request;
          t.refused(`${body.type} to ONU2-G`, framedResultOf(await t.link.ask(body, address)));
        }
      }),
      stillAnswers,
    ],
    pass: "Each is answered with an error; the images are as before.",
  }),
];
