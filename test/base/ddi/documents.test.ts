/** DDI's documents: what is written is read again, what other people's clients send is understood, and bad ones cost a line. */
import { expect, it, describe } from "vitest";
import {
  DDI_DOCUMENT_BYTES_MAX,
  type DdiConfigData,
  type DdiDeployment,
  type DdiFeedback,
  type DdiPoll,
  type DdiReading,
  readDdiCancel,
  readDdiConfigData,
  readDdiDeployment,
  readDdiFeedback,
  readDdiPoll,
  writeDdiCancel,
  writeDdiConfigData,
  writeDdiDeployment,
  writeDdiFeedback,
  writeDdiPoll,
} from "../../../base/ddi/index.ts";

const poll: DdiPoll = {
  sleepSeconds: 300,
  links: { deploymentBase: "http://127.0.0.1:8443/DEFAULT/controller/v1/ont-1/deploymentBase/a1?c=7" },
};
const deployment: DdiDeployment = {
  id: "a1",
  download: "forced",
  update: "skip",
  maintenanceWindow: "unavailable",
  chunks: [
    {
      part: "os",
      name: "firmware",
      version: "2.0.0",
      artifacts: [
        {
          filename: "image.pon",
          sizeBytes: 1_048_576,
          hashes: { sha256: "a".repeat(64), sha1: "b".repeat(40), md5: "c".repeat(32) },
          links: { download: "https://depot/x", downloadHttp: "http://depot/x" },
        },
      ],
      metadata: [{ key: "poncast.kind", value: "image" }],
    },
  ],
};
const feedback: DdiFeedback = {
  id: "a1",
  timeMs: Date.UTC(2026, 10, 27, 16, 35, 51),
  execution: "closed",
  finished: "success",
  progress: { count: 3, of: 5 },
  details: ["committed"],
};
const configData: DdiConfigData = { mode: "replace", data: new Map([["hardware", "1.0"]]) };

describe("what is written is read again", () => {
  it.each<[string, DdiReading<unknown>, unknown]>([
    ["poll", readDdiPoll(writeDdiPoll(poll)), poll],
    ["deployment", readDdiDeployment(writeDdiDeployment(deployment)), deployment],
    ["feedback", readDdiFeedback(writeDdiFeedback(feedback)), feedback],
    ["configData", readDdiConfigData(writeDdiConfigData(configData)), configData],
    ["cancel", readDdiCancel(writeDdiCancel({ id: "a2", stopId: "a1" })), { id: "a2", stopId: "a1" }],
  ])("%s", (_name, reading, value) => expect(reading).toEqual({ ok: true, value }));

  it("in hawkBit's own form", () => {
    expect(JSON.parse(writeDdiPoll(poll))).toEqual({
      config: { polling: { sleep: "00:05:00" } },
      _links: { deploymentBase: { href: poll.links.deploymentBase } },
    });
    expect(JSON.parse(writeDdiDeployment(deployment))).toMatchObject({
      id: "a1",
      deployment: {
        download: "forced",
        update: "skip",
        maintenanceWindow: "unavailable",
        chunks: [{ artifacts: [{ size: 1_048_576, _links: { "download-http": { href: "http://depot/x" } } }] }],
      },
    });
    expect(JSON.parse(writeDdiFeedback(feedback))).toEqual({
      id: "a1",
      time: "20261127T163551",
      status: {
        execution: "closed",
        result: { finished: "success", progress: { cnt: 3, of: 5 } },
        details: ["committed"],
      },
    });
  });
});

describe("what other people's clients send", () => {
  it("SWUpdate's feedback, with a number for the id", () => {
    const body = `{"id":7,"time":"20261127T163551","status":{"result":{"finished":"none"},"execution":"proceeding","details":[]}}`;
    expect(readDdiFeedback(body)).toMatchObject({ ok: true, value: { id: "7", execution: "proceeding" } });
  });

  it("its configData, with fields that nobody here knows", () => {
    const body = `{"id":"","time":"","status":{"result":{"finished":"success"},"execution":"closed","details":[""]},"data":{"hw":"x","n":5}}`;
    const value = { mode: "merge", data: new Map(Object.entries({ hw: "x", n: "5" })) };
    expect(readDdiConfigData(body)).toEqual({ ok: true, value });
  });

  it("lines for people lose what a terminal would obey", () => {
    const body = writeDdiFeedback({ ...feedback, details: ["\u001b[2Jgone\n", "x".repeat(5_000)] });
    expect(readDdiFeedback(body)).toMatchObject({ value: { details: ["[2Jgone", "x".repeat(512)] } });
  });
});

type Tree = { [key: string]: Tree } & Tree[];

/** A good document with one change. */
function changed(text: string, change: (root: Tree) => unknown): string {
  const root = JSON.parse(text) as Tree;
  change(root);
  return JSON.stringify(root);
}

const badDeployment = (change: (deployment: Tree, root: Tree) => unknown): DdiReading<unknown> =>
  readDdiDeployment(changed(writeDdiDeployment(deployment), (root) => change(root.deployment, root)));
const badArtifact = (fields: object): DdiReading<unknown> =>
  badDeployment((root) => Object.assign(root.chunks[0].artifacts[0], fields));
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("a bad document is one line", () => {
  it.each<[DdiReading<unknown>, string]>([
    [readDdiPoll(""), "document: empty"],
    [readDdiPoll("{"), "document: not JSON in UTF-8"],
    [readDdiPoll(new Uint8Array([0x22, 0xff, 0x22])), "document: not JSON in UTF-8"],
    [readDdiPoll("[]"), "document: an object is needed, not a list"],
    [readDdiPoll(" ".repeat(DDI_DOCUMENT_BYTES_MAX + 1)), "document: longer than 262144 bytes"],
    [readDdiPoll(nested(5_000)), "document: deeper than 12 levels"],
    [readDdiPoll(`[${"0,".repeat(30_000)}0]`), "document: more than 20000 values"],
    [readDdiPoll(`{"x":{"__proto__":{"ok":true}}}`), "document: the key __proto__ is not allowed"],
    [readDdiConfigData(`{"data":{"constructor":"x"}}`), "document: the key constructor is not allowed"],
    [readDdiPoll(`{"config":{"polling":{"sleep":"5 min"}}}`), "config.polling.sleep: HH:MM:SS is needed"],
    [readDdiPoll(`{"config":{}}`), "config.polling: an object is needed, not nothing"],
    [readDdiPoll(writeDdiPoll({ ...poll, links: { installedBase: "/x" } })), "_links.installedBase.href: not a URL"],
    [
      readDdiPoll(writeDdiPoll({ ...poll, links: { installedBase: "file:///etc/passwd" } })),
      "_links.installedBase.href: http or https is needed",
    ],
    [
      readDdiPoll(writeDdiPoll({ ...poll, links: { installedBase: "https://a:b@c/" } })),
      "_links.installedBase.href: a URL with name or password is not followed",
    ],
    [
      badDeployment((root) => Object.assign(root, { update: "now" })),
      'deployment.update: one of skip, attempt, forced is needed, not "now"',
    ],
    [badDeployment((_, root) => Object.assign(root, { id: "../1" })), "id: not the id of an action"],
    [
      badDeployment((root) => Object.assign(root, { chunks: {} })),
      "deployment.chunks: a list is needed, not an object",
    ],
    [
      badDeployment((root) => Object.assign(root, { chunks: Array(40).fill(root.chunks[0]) })),
      "deployment.chunks: more than 32 entries",
    ],
    [
      badDeployment((root) => Object.assign(root.chunks[0], { version: "1\u0007" })),
      "deployment.chunks[0].version: control characters are not allowed",
    ],
    ...["../x", "a/b", ".hidden", "", "c:\\x"].map((filename): [DdiReading<unknown>, string] => [
      badArtifact({ filename }),
      "deployment.chunks[0].artifacts[0].filename: a plain file name without folders is needed",
    ]),
    [
      badArtifact({ size: -1 }),
      "deployment.chunks[0].artifacts[0].size: a whole number from 0 to 9007199254740991 is needed, not -1",
    ],
    [badArtifact({ hashes: {} }), "deployment.chunks[0].artifacts[0].hashes: one of sha256, sha1, md5 is needed"],
    [
      badArtifact({ hashes: { sha256: "xyz" } }),
      "deployment.chunks[0].artifacts[0].hashes.sha256: not the hexadecimal form of sha256",
    ],
    [badArtifact({ _links: {} }), "deployment.chunks[0].artifacts[0]._links: download or download-http is needed"],
    [
      readDdiFeedback(changed(writeDdiFeedback(feedback), (root) => Object.assign(root, { time: "20260230T000000" }))),
      "time: YYYYMMDDThhmmss is needed",
    ],
    [
      readDdiFeedback(writeDdiFeedback({ ...feedback, details: Array<string>(65).fill("x") })),
      "status.details: more than 64 entries",
    ],
    [
      readDdiConfigData(JSON.stringify({ data: Object.fromEntries(Array.from({ length: 129 }, (_, at) => [at, ""])) })),
      "data: more than 128 fields",
    ],
  ])("%#: %j", (reading, problem) => expect(reading).toEqual({ ok: false, problem }));
});
