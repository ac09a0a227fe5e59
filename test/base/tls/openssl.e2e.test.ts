/** openssl as a judge of what is made here, and what openssl makes, judged here. Left out where it is not installed. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CertifiedKey } from "../../../base/pki/authority/index.ts";
import { judgeStaple, pemOf, readCertificate } from "../../../base/pki/index.ts";
import { BAD_STAPLES, createLab, identityOf, type Lab, rootPem, stapleOf } from "../pki/lab.ts";
import { startServer } from "./servers.ts";
import { removeFolder } from "../../support/folder.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const nowSeconds = Math.floor(Date.now() / 1000);
let lab: Lab;
let folder: string;

const file = (name: string): string => join(folder, name);
/** All that it says, whatever its exit code. */
async function openssl(...words: string[]): Promise<string> {
  const run = promisify(execFile)("openssl", words, { cwd: folder });
  run.child.stdin?.end();
  const { stdout, stderr } = await run.catch((error: Error & { stdout: string; stderr: string }) => error);
  return `${stdout}${stderr}`;
}

function keep(name: string, { certificateDer, privateKey }: CertifiedKey): void {
  writeFileSync(file(`${name}.pem`), pemOf("CERTIFICATE", certificateDer));
  writeFileSync(file(`${name}.key`), privateKey.export({ type: "pkcs8", format: "pem" }));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "poncast-openssl-"));
  lab = await createLab(nowSeconds);
  const { root, intermediate, responder } = lab.authority;
  for (const [name, key] of Object.entries({ root, intermediate, responder, leaf: lab.leaf, must: lab.mustStaple }))
    keep(name, key);
});
afterAll(() => removeFolder(folder));

describe.skipIf(!hasOpenssl)("openssl (where it is installed)", () => {
  it("finds our chain good, and must-staple", async () => {
    const chain = ["-CAfile", "root.pem", "-untrusted", "intermediate.pem", "-x509_strict"];
    expect(await openssl("verify", ...chain, "leaf.pem", "must.pem")).toBe("leaf.pem: OK\nmust.pem: OK\n");
    expect(await openssl("x509", "-in", "must.pem", "-noout", "-text")).toContain("status_request");
    const serial = (await openssl("x509", "-in", "leaf.pem", "-noout", "-serial")).trim();
    expect(serial).toBe(`serial=${readCertificate(lab.leaf.certificateDer).serial}`);
  });

  /** What openssl says of the staples that it judges, by our titles. Those without an end it takes. */
  const SAYS: Readonly<Record<string, RegExp>> = {
    garbage: /Error reading OCSP response/,
    tryLater: /Responder Error: trylater/,
    unauthorized: /Responder Error: unauthorized/,
    "of another certificate": /leaf\.pem: ERROR: No Status found/,
    "of another issuer's certificate with that serial number": /leaf\.pem: ERROR: No Status found/,
    "by a responder of another authority": /Response Verify Failure/,
    "by a certificate that is not for it": /Response Verify Failure/,
    "signed with another key": /Response Verify Failure/,
    "from the future": /WARNING: Status times invalid[^]*not yet valid/,
    expired: /WARNING: Status times invalid[^]*expired/,
    revoked: /Response verify OK[^]*leaf\.pem: revoked|leaf\.pem: revoked[^]*Response verify OK/,
    unknown: /leaf\.pem: unknown/,
  };

  it.each(Object.keys(SAYS))("finds the same of a staple %s", async (title) => {
    const [, , make] = BAD_STAPLES.find(([each]) => each === title)!;
    writeFileSync(file("staple.der"), (await make(lab, lab.leaf))!);
    const asked = [
      "-issuer",
      "intermediate.pem",
      "-cert",
      "leaf.pem",
      "-CAfile",
      "root.pem",
      "-no_nonce",
      "-validity_period",
      "0",
    ];
    expect(await openssl("ocsp", "-respin", "staple.der", ...asked)).toMatch(SAYS[title]!);
  });

  it("makes staples, good and revoked, of which we find the same", async () => {
    const { serial } = readCertificate(lab.leaf.certificateDer);
    const name = "/CN=depot.test";
    const indexes = {
      good: `V\t500101000000Z\t\t${serial}\tunknown\t${name}\n`,
      revoked: `R\t500101000000Z\t250101000000Z\t${serial}\tunknown\t${name}\n`,
      unknown: "",
    };
    for (const [status, index] of Object.entries(indexes)) {
      writeFileSync(file("index.txt"), index);
      await openssl("ocsp", "-issuer", "intermediate.pem", "-cert", "leaf.pem", "-reqout", "request.der", "-no_nonce");
      const signer = ["-rsigner", "responder.pem", "-rkey", "responder.key", "-CA", "intermediate.pem"];
      const asked = ["-index", "index.txt", "-reqin", "request.der", "-respout", `${status}.der`, "-ndays", "1"];
      await openssl("ocsp", ...asked, ...signer);
      const verdict = judgeStaple({
        stapleDer: readFileSync(file(`${status}.der`)),
        leafDer: lab.leaf.certificateDer,
        issuerDer: lab.authority.intermediate.certificateDer,
        nowSeconds: Math.floor(Date.now() / 1000),
      });
      expect(verdict, status).toMatchObject(status === "good" ? { good: true } : { good: false, cause: status });
    }
  });

  it.each(["-tls1_2", "-tls1_3"])("s_client -status %s is stapled what we staple", async (version) => {
    const status = { kind: "revoked", atSeconds: nowSeconds - 60 } as const;
    const staples = [await stapleOf(lab, lab.leaf), await stapleOf(lab, lab.leaf, { status }), undefined];
    writeFileSync(file("ca.pem"), rootPem(lab));
    const said: string[] = [];
    for (const staple of staples) {
      const server = await startServer(identityOf(lab, lab.leaf), () => staple);
      const words = ["s_client", "-connect", `127.0.0.1:${server.port}`, "-CAfile", "ca.pem", "-status", version];
      said.push(await openssl(...words));
      await server.close();
    }
    expect(said[0]).toMatch(/OCSP Response Status: successful[^]*Cert Status: good[^]*Verify return code: 0 \(ok\)/);
    expect(said[1]).toContain("Cert Status: revoked");
    expect(said[2]).toContain("OCSP response: no response sent");
  });

  it("s_client -tls1_1 gets no handshake", async () => {
    const server = await startServer(identityOf(lab, lab.leaf), () => undefined);
    const words = ["-connect", `127.0.0.1:${server.port}`, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"];
    expect(await openssl("s_client", ...words)).toContain("alert protocol version");
    await server.close();
  });
});
