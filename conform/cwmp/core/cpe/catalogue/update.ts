/** Cases: an image that is good, and images that are not. */
import { CPE_FAULTS } from "../../../../../cwmp/index.ts";
import { CannotTest } from "../../../../core/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import { codesOf, type HeardPost } from "../acs.ts";
import { FILES_PATH } from "../files.ts";
import type { Installed } from "../known.ts";
import type { CpeTester } from "../tester.ts";
import { REFUSALS } from "./download.ts";
import {
  BOOT,
  codeOf,
  type CpeCase,
  download,
  endsWith,
  fail,
  field,
  step,
  tr069,
  values,
  VALUE_CHANGE,
} from "./steps.ts";

const VERSION = "DeviceInfo.SoftwareVersion";

/** The image installed, once: where one CPE goes through all cases, the first of them that wants it brings it. */
async function install(t: CpeTester): Promise<Installed & { at: HeardPost | number }> {
  // Of another case: its exchanges have other numbers.
  if (t.known.installed !== undefined) return { ...t.known.installed, at: 0 };
  const before = (await values(t, VERSION)).get(VERSION)!;
  const { bytes, version } = t.image!;
  if (version !== undefined && version === before) throw new CannotTest(`the CPE runs ${before} already`);
  const asked = download(t, t.serve("image.bin", { bytes }), { fileSizeBytes: bytes.length });
  const from = t.acs.sessions.length;
  await t.ask(asked);
  const complete = await endsWith(t, asked.commandKey, [0]);
  await t.quiet();
  // Long enough for whatever comes behind it.
  await t.rest(CWMP_LIMITS.silenceMs * t.way.timeScale);
  await t.quiet();
  t.known.installed = { complete, before, sessions: t.acs.sessions.slice(from) };
  return { ...t.known.installed, at: complete.post };
}

/** A file that must not be installed. */
const refusedFile = (
  each: Pick<CpeCase, "id" | "title" | "objective"> & {
    text: string;
    preconditions?: CpeCase["preconditions"];
    bytes: (t: CpeTester) => Uint8Array;
    /** Size that Download names. */
    sizeBytes?: (t: CpeTester) => number;
    codes: readonly number[];
  },
): CpeCase => {
  const { id, title, objective, text, preconditions = ["image"], bytes, sizeBytes, codes } = each;
  return tr069({
    id,
    title,
    clause: "A.5.1",
    objective,
    preconditions,
    steps: [
      step(text, async (t) => {
        const before = (await values(t, VERSION)).get(VERSION);
        const file = bytes(t);
        const asked = download(t, t.serve("refused.bin", { bytes: file }), {
          fileSizeBytes: sizeBytes?.(t) ?? file.length,
        });
        await t.ask(asked);
        await endsWith(t, asked.commandKey, codes);
        const after = (await values(t, VERSION)).get(VERSION);
        if (after !== before) fail("wrong-version", `it runs ${after}, not ${before}`, t.log.last);
      }),
    ],
    pass: `TransferComplete with ${codes.join(", ")}; the same version runs.`,
  });
};

/** One bit of it is another, late in the file. */
function damaged(t: CpeTester): Uint8Array {
  const bytes = Uint8Array.from(t.image!.bytes);
  bytes[Math.floor(bytes.length * 0.9)]! ^= 1;
  return bytes;
}

export const updateCases = [
  refusedFile({
    id: "image.corrupt",
    title: "An image with a bit that is wrong is not installed",
    objective: "9018, or 9019 where the signature is what tells.",
    text: "Download of the image with one bit turned over.",
    bytes: damaged,
    codes: [CPE_FAULTS.fileCorrupted, CPE_FAULTS.fileAuthenticationFailed],
  }),
  refusedFile({
    id: "image.short",
    title: "Half an image is not installed",
    objective: "A file that ends too early is no image, whatever Download said of its size.",
    text: "Download of the first half of the image, with the size of the whole.",
    bytes: (t) => t.image!.bytes.subarray(0, Math.floor(t.image!.bytes.length / 2)),
    sizeBytes: (t) => t.image!.bytes.length,
    codes: REFUSALS,
  }),
  refusedFile({
    id: "image.untrusted",
    title: "An image of another signer is not installed",
    objective: "9019: it is whole, and signed by somebody whom the CPE does not trust.",
    text: "Download of an image that is signed by another key.",
    preconditions: ["untrusted"],
    bytes: (t) => t.image!.untrusted!,
    codes: [CPE_FAULTS.fileAuthenticationFailed],
  }),
  tr069({
    id: "image.revoked-server",
    title: "A server whose certificate is revoked gives no file",
    clause: "3.4.3",
    objective:
      "Over HTTPS the server is who it says, by a certificate that still holds: 9012, 9015 or 9016, and no byte.",
    preconditions: ["revoked"],
    steps: [
      step("Download from a server that staples that its certificate is revoked.", async (t) => {
        const name = "revoked.bin";
        t.serve(name, { bytes: t.image?.bytes ?? new Uint8Array(1000) });
        const asked = download(t, `${t.way.revokedOrigin!}${FILES_PATH}${name}`);
        await t.ask(asked);
        const { serverAuthenticationFailed, serverNotReached, fileNotReached } = CPE_FAULTS;
        const complete = await t.completed(asked.commandKey);
        const [get] = t.files.of(name);
        if (get !== undefined) fail("let-in", "it asked such a server for a file", get.exchange);
        if (![serverAuthenticationFailed, serverNotReached, fileNotReached].some((code) => code === codeOf(complete)))
          fail("wrong-fault", `fault ${codeOf(complete)}, not 9012, 9015 or 9016`, complete.post);
      }),
    ],
    pass: "A fault, and nothing was asked for.",
  }),
  tr069({
    id: "image.good",
    title: "A good image is installed",
    clause: "A.3.2.8",
    objective: "TransferComplete without a fault, the version of the image, and a CPE that can be asked.",
    preconditions: ["image"],
    steps: [
      step("Download of the image; wait for TransferComplete; read the version.", async (t) => {
        const { before, at } = await install(t);
        const after = (await values(t, VERSION)).get(VERSION);
        const wanted = t.image!.version;
        if (wanted === undefined ? after === before : after !== wanted)
          fail("wrong-version", `it runs ${after}${wanted === undefined ? "" : `, not ${wanted}`}`, at);
      }),
    ],
    pass: "Code 0, and the new version.",
  }),
  tr069({
    id: "image.value-change",
    title: "A new version is told of by 4 VALUE CHANGE",
    clause: "3.7.1.5",
    objective: "SoftwareVersion is watched for changes always: an Inform with the new one has 4 VALUE CHANGE.",
    preconditions: ["image"],
    steps: [
      step("Download of the image; look for 4 VALUE CHANGE in the Informs since.", async (t) => {
        const { sessions, at } = await install(t);
        if (!sessions.some((session) => codesOf(session).includes(VALUE_CHANGE)))
          fail("wrong-event", `no ${VALUE_CHANGE} since the Download`, at);
      }),
    ],
    pass: "An Inform with 4 VALUE CHANGE.",
  }),
  tr069({
    id: "image.applied",
    title: "Success is told when the new image runs, and not before",
    clause: "A.3.3.2",
    objective:
      "A transfer is complete when its file is applied: the Inform in front of TransferComplete has the new version.",
    preconditions: ["image"],
    steps: [
      step("Download of the image; look at the Inform of the session with TransferComplete.", async (t) => {
        const { complete, before, at } = await install(t);
        const { session } = complete;
        const told = session.inform.parameters.find(({ name }) => name.endsWith(VERSION))?.value.text;
        if (told === before) fail("too-early", `success is told while ${before} runs`, at);
      }),
    ],
    pass: "The new version in that Inform.",
  }),
  field({
    id: "image.boot-once",
    title: "One restart is enough",
    clause: "3.7.1.5",
    objective: "An update interrupts the service once: one Inform with 1 BOOT.",
    preconditions: ["image"],
    steps: [
      step("Download of the image; count Informs with 1 BOOT until it is told of, and a while longer.", async (t) => {
        const { sessions, at } = await install(t);
        const boots = sessions.filter((session) => codesOf(session).includes(BOOT) && session.inform.retryCount === 0);
        if (boots.length > 1) fail("unasked-restart", `${boots.length} Informs with 1 BOOT`, at);
      }),
    ],
    pass: "One 1 BOOT at most.",
  }),
];
