/** Cases: methods: the list of them, one that there is not, Reboot. */
import { CPE_FAULTS } from "../../../../../cwmp/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import { BOOT, BOOTSTRAP, codesOfSession, fail, hasEvent, M_REBOOT, step, tr069 } from "./steps.ts";

const NEEDED = [
  "GetRPCMethods",
  "SetParameterValues",
  "GetParameterValues",
  "GetParameterNames",
  "SetParameterAttributes",
  "GetParameterAttributes",
  "AddObject",
  "DeleteObject",
  "Reboot",
  "Download",
] as const;

export const rpcCases = [
  tr069({
    id: "rpc.methods",
    title: "GetRPCMethods names what every CPE has to have",
    clause: "A.3.1.1",
    objective: "What a CPE can do is known by its list; these are required of each (table 6 of the standard).",
    preconditions: [],
    steps: [
      step("GetRPCMethods.", async (t) => {
        const { methods } = await t.ask({ method: "GetRPCMethods" });
        for (const name of NEEDED)
          if (!methods.includes(name)) fail("wrong-attribute", `${name} is missing`, t.log.last);
      }),
    ],
    pass: `${NEEDED.join(", ")} are there.`,
  }),
  tr069({
    id: "rpc.unknown",
    title: "A method that there is not is answered 9000",
    clause: "A.5.1",
    objective: "A fault, and the session goes on.",
    preconditions: [],
    steps: [
      step("Ask for a method of our own invention, and for GetRPCMethods in the same session.", async (t) => {
        const [unknown, known] = await t.tell(
          (id, version) => {
            const name = `urn:dslforum-org:cwmp-${version.replace(".", "-")}`;
            return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="${name}"><s:Header><cwmp:ID s:mustUnderstand="1">${id}</cwmp:ID></s:Header><s:Body><cwmp:MakeCoffee><Sugar>2</Sugar></cwmp:MakeCoffee></s:Body></s:Envelope>`;
          },
          { method: "GetRPCMethods" },
        );
        t.fault(unknown!, [CPE_FAULTS.methodNotSupported], "to a method that there is not");
        t.response(known!, "GetRPCMethods", "to GetRPCMethods behind it");
      }),
    ],
    pass: "9000, then the list.",
  }),
  tr069({
    id: "rpc.reboot",
    title: "Reboot is answered, carried out, and told of",
    clause: "A.3.2.9",
    objective: "The answer comes before the restart; the Inform behind it has 1 BOOT, and M Reboot with the key.",
    preconditions: [],
    steps: [
      step("Reboot; wait for the Inform behind it.", async (t) => {
        const commandKey = t.key();
        await t.ask({ method: "Reboot", commandKey });
        await t.quiet();
        const session = await t.informed([BOOT], CWMP_LIMITS.restartMs);
        hasEvent(session, M_REBOOT, commandKey);
        if (codesOfSession(session).includes(BOOTSTRAP))
          fail("wrong-event", "0 BOOTSTRAP after a restart", session, "3.7.1.5");
        await t.quiet();
      }),
      step("Have it come again: M Reboot is not told twice.", async (t) => {
        const session = await t.call();
        if (codesOfSession(session).includes(M_REBOOT)) fail("reported-again", "M Reboot again", session, "3.7.1.5");
      }),
    ],
    pass: "1 BOOT and M Reboot with the key, once, without 0 BOOTSTRAP.",
  }),
];
