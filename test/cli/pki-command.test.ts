/** `poncast pki`: an authority in a folder, what it issues and revokes, and what it says of that in staples. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificateDers, derOfFile, judgeStaple, readCertificate } from "../../base/pki/index.ts";
import { connectStapled, readIdentity, stapleFile } from "../../base/tls/index.ts";
import { read, sources } from "../hygiene/files.ts";
import { startServer } from "../base/tls/servers.ts";
import { commandHere, type Ran } from "../support/command.ts";
import { removeFolder } from "../support/folder.ts";

let folder: string;
const poncast = (...words: string[]): Promise<Ran> => commandHere(["pki", ...words], folder);
const at = (...names: string[]): string => join(folder, ...names);
const certificateOf = (name: string): Buffer =>
  certificateDers(readFileSync(at("pki", `${name}.cert.pem`), "utf8"))[0]!;
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "poncast-pki-"));
  expect((await poncast("init", "--out", "pki")).code).toBe(0);
  const words = ["issue", "depot.test", "--pki", "pki", "--ip", "127.0.0.1", "::1", "--must-staple"];
  expect(await poncast(...words)).toMatchObject({ code: 0, err: "" });
});
afterAll(() => removeFolder(folder));

/** What a staple in a file says of depot.test, now. */
function causeOf(file: string): string {
  const verdict = judgeStaple({
    stapleDer: readFileSync(at(file)),
    leafDer: certificateOf("depot.test"),
    issuerDer: certificateOf("intermediate"),
    nowSeconds: nowSeconds(),
  });
  return verdict.good ? "good" : verdict.cause;
}

it("no command loads what makes certificates before it is asked to: the import is a late one", () => {
  const early = sources.filter(
    (file) => file.startsWith("cli/") && /from "[./]*base\/(?:pki\/authority|tls)\//.test(read(file)),
  );
  expect(early).toEqual([]);
  // Nor does any of what they import.
  const others = sources.filter((file) => !/^(?:test|base\/(?:pki|tls))\//.test(file));
  expect(others.filter((file) => /from "(?:pkijs|asn1js)"/.test(read(file)))).toEqual([]);
});

describe("pki init", () => {
  it("makes three parties, whose keys only their owner reads", () => {
    const keys = readdirSync(at("pki")).filter((name) => name.endsWith(".key.pem"));
    expect(keys.sort()).toEqual(["depot.test", "intermediate", "responder", "root"].map((name) => `${name}.key.pem`));
    expect(keys.map((name) => statSync(at("pki", name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600]);
  });

  it("replaces no authority", async () => {
    const before = readFileSync(at("pki", "root.cert.pem"));
    const { code, err } = await poncast("init", "--out", "pki");
    expect([code, err]).toEqual([2, "pki/root.cert.pem: is there already; an authority is never replaced\n"]);
    expect(readFileSync(at("pki", "root.cert.pem"))).toEqual(before);
  });
});

describe("pki issue", () => {
  it("makes what a server with a staple in a file needs", async () => {
    expect((await poncast("staple", "pki/depot.test.cert.pem", "--pki", "pki", "--out", "depot.ocsp")).code).toBe(0);
    expect(causeOf("depot.ocsp")).toBe("good");
    const identity = readIdentity(at("pki", "depot.test.cert.pem"), at("pki", "depot.test.key.pem"));
    const server = await startServer(identity, () => stapleFile(at("depot.ocsp"))(Buffer.alloc(0)));
    const trusted = readFileSync(at("pki", "root.cert.pem"), "utf8");
    const request = { host: "127.0.0.1", port: server.port, trusted, nowSeconds };
    const { socket, staple } = await connectStapled({ ...request, policy: "mustStaple" });
    expect(staple).toMatchObject({ good: true });
    socket.destroy();
    const { socket: byName } = await connectStapled({ ...request, servername: "depot.test" });
    byName.destroy();
    await server.close();
    expect(readCertificate(certificateOf("depot.test")).isMustStaple).toBe(true);
  });

  it("replaces certificate and key of a name with --force only", async () => {
    const first = await poncast("issue", "ont-1", "--pki", "pki", "--client");
    expect(first.out).toMatch(/^pki\/ont-1\.cert\.pem {2}serial number [0-9A-F]{32}\npki\/ont-1\.key\.pem /);
    const again = await poncast("issue", "ont-1", "--pki", "pki", "--client");
    expect([again.code, again.err]).toEqual([2, "pki/ont-1.cert.pem: is there already; --force replaces it\n"]);
    const before = certificateOf("ont-1");
    expect((await poncast("issue", "ont-1", "--pki", "pki", "--client", "--days", "1", "--force")).code).toBe(0);
    expect(certificateOf("ont-1")).not.toEqual(before);
    const { notAfterSeconds } = readCertificate(certificateOf("ont-1"));
    expect(Math.abs(notAfterSeconds - nowSeconds() - 86_400)).toBeLessThan(60);
  });
});

describe("pki revoke", () => {
  it("is in the staples that are made afterwards; the first time counts", async () => {
    await poncast("issue", "old.test", "--pki", "pki");
    const { serial } = readCertificate(certificateOf("old.test"));
    const staple = async (): Promise<string> =>
      (await poncast("staple", "pki/old.test.cert.pem", "--pki", "pki", "--out", "old.ocsp", "--hours", "2")).out;
    expect(await staple()).toMatch(/^old\.ocsp: good, until \d{4}-/);
    const first = await poncast("revoke", "pki/old.test.cert.pem", "--pki", "pki");
    expect(first.out).toContain(`old.test, serial number ${serial}: revoked at `);
    expect(await staple()).toMatch(/^old\.ocsp: revoked, /);
    const withColons = serial.toLowerCase().replaceAll(/(?<=^(?:..)+)(?=.)/g, ":");
    expect((await poncast("revoke", withColons, "--pki", "pki")).out).toBe(first.out);
    expect(readdirSync(at("pki", "index")).filter((name) => !name.endsWith(".json"))).toEqual([]);
  });

  it("leaves other certificates good, and says of those in no index that it does not know them", async () => {
    await poncast("staple", "pki/depot.test.cert.pem", "--pki", "pki", "--out", "other.ocsp");
    expect(causeOf("other.ocsp")).toBe("good");
    const entry = at("pki", "index", `${readCertificate(certificateOf("depot.test")).serial}.json`);
    const content = readFileSync(entry);
    rmSync(entry);
    await poncast("staple", "pki/depot.test.cert.pem", "--pki", "pki", "--out", "other.ocsp");
    expect(causeOf("other.ocsp")).toBe("unknown");
    writeFileSync(entry, content);
  });
});

describe("bad input is one line, and exit code 2", () => {
  it.each([
    [
      ["issue", "x.test", "--pki", "nowhere"],
      /^nowhere\/root\.cert\.pem: no such file; `poncast pki init --out nowhere`/,
    ],
    [["issue", "../x", "--pki", "pki"], /^\.\.\/x is not allowed as a name/],
    [["issue", "root", "--pki", "pki"], /^root: is what one of the authority's own is called/],
    [["issue", "x.test", "--pki", "pki", "--ip", "1.2.3"], /^--ip: 1\.2\.3 is no address/],
    [["issue", "x.test", "--pki", "pki", "--days", "0"], /^--days: 0 is not allowed/],
    [["issue", "x.test", "--pki", "pki", "--days", "99999"], /^--days: 99999 is not allowed; at most 36500/],
    [["issue", "x", "--pki", "pki", "--client", "--must-staple"], /^--client: a client has no --must-staple/],
    [["issue", "x.test"], /^required option '--pki <folder>' not specified/],
    [["init", "--out", "new", "--name", ""], /^--name: /],
    [["init", "--out", "note.txt/pki"], /^note\.txt\/pki: cannot be made/],
    [["revoke", "no-file", "--pki", "pki"], /^no-file: neither a file nor a serial number/],
    [["revoke", "0102", "--pki", "pki"], /^0102: the authority in pki has issued no such certificate/],
    [["revoke", "note.txt", "--pki", "pki"], /^note\.txt: no certificate, in PEM or DER form/],
    [["staple", "nothing.pem", "--pki", "pki", "--out", "x.ocsp"], /^nothing\.pem: no such file/],
    [["staple", "note.txt", "--pki", "pki", "--out", "x.ocsp"], /^note\.txt: no certificate/],
    [["staple", "pki/root.cert.pem", "--pki", "pki", "--out", "x.ocsp"], /^pki\/root\.cert\.pem: not issued by the/],
    [["staple", "pki/depot.test.cert.pem", "--pki", "pki", "--out", "no/x.ocsp"], /^no\/x\.ocsp: cannot be written/],
    [
      ["staple", "pki/depot.test.cert.pem", "--pki", "swapped", "--out", "x.ocsp"],
      /^swapped\/root\.key\.pem: not the private/,
    ],
  ])("%s", async (words, line) => {
    writeFileSync(at("note.txt"), "a note\n");
    if (words.includes("swapped") && !existsSync(at("swapped"))) {
      await poncast("init", "--out", "swapped");
      writeFileSync(at("swapped", "root.key.pem"), readFileSync(at("pki", "root.key.pem")));
    }
    const { code, out, err } = await poncast(...words);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(line);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(existsSync(at("x.ocsp"))).toBe(false);
  });
});

describe("own certificates by file", () => {
  it("are refused in one line where they are none or do not belong together", () => {
    writeFileSync(at("note.txt"), "a note\n");
    const certificate = at("pki", "depot.test.cert.pem");
    expect(() => readIdentity(at("note.txt"), at("pki", "root.key.pem"))).toThrow(
      "note.txt: no certificate in PEM form",
    );
    expect(() => readIdentity(certificate, at("note.txt"))).toThrow("note.txt: not an unencrypted private key");
    expect(() => readIdentity(certificate, at("pki", "root.key.pem"))).toThrow("root.key.pem: not the key of the");
    expect(() => readIdentity(at("nothing"), at("note.txt"))).toThrow("nothing: cannot be read (ENOENT)");
    expect(derOfFile(readFileSync(certificate))).toEqual(certificateOf("depot.test"));
  });
});
