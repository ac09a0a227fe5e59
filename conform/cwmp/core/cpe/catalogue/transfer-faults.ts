/** Cases: which fault a transfer has that fails. */
import { CPE_FAULTS } from "../../../../../cwmp/index.ts";
import type { CpeTester } from "../tester.ts";
import { type CpeCase, download, endsWith, JUNK, step, tr069 } from "./steps.ts";

const FAULTS = CPE_FAULTS;

/** Faults that say more than 9010 came with later versions (A.5.1). */
const orGeneral = (t: CpeTester, code: number): number[] =>
  t.known.version === "1.0" ? [code, FAULTS.transferFailed] : [code];

interface BadFile {
  name: string;
  title: string;
  objective: string;
  text: string;
  code: number;
  /** @returns URL, and what else Download says */
  offer: (t: CpeTester) => Parameters<typeof download>;
}

const badFile = ({ name, title, objective, text, code, offer }: BadFile): CpeCase =>
  tr069({
    id: `download.${name}`,
    title,
    clause: "A.5.1",
    objective,
    preconditions: [],
    steps: [
      step(text, async (t) => {
        const asked = download(...offer(t));
        await t.ask(asked);
        await endsWith(t, asked.commandKey, orGeneral(t, code));
      }),
    ],
    pass: `TransferComplete with ${code} (in CWMP 1.0 also 9010).`,
  });

export const transferFaultCases = [
  badFile({
    name: "not-there",
    title: "A file that is not there",
    objective: "The server answers 404: 9016.",
    text: "Download of a file that the server does not have.",
    code: FAULTS.fileNotReached,
    offer: (t) => [t, t.serve("gone.bin", { bytes: JUNK, status: 404 })],
  }),
  badFile({
    name: "no-server",
    title: "A server that is not there",
    objective: "Nobody listens at the address: 9015.",
    text: "Download from a port at which nobody listens.",
    code: FAULTS.serverNotReached,
    offer: (t) => [t, `${t.way.deadOrigin}/files/dead.bin`],
  }),
  badFile({
    name: "cut",
    title: "A transfer that breaks again and again",
    objective: "The connection breaks in the middle of the file each time: 9017.",
    text: "Download of a file of which each answer breaks off.",
    code: FAULTS.downloadNotCompleted,
    offer: (t) => [t, t.serve("cut.bin", { bytes: t.image?.bytes ?? JUNK, cutAtBytes: 100 })],
  }),
  badFile({
    name: "locked",
    title: "A file for somebody else",
    objective: "The server takes neither name nor password: 9012.",
    text: "Download of a file behind a digest, with a wrong password.",
    code: FAULTS.serverAuthenticationFailed,
    offer: (t) => [
      t,
      t.serve("locked.bin", { bytes: JUNK, credentials: { username: "reader", password: "right" } }),
      { username: "reader", password: "wrong" },
    ],
  }),
];
