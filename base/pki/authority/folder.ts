/** An authority in a folder: certificates, keys that only their owner reads, and an index of what was issued and revoked. */
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError, orRefused } from "../../errors/index.ts";
import { makeFolders, writeWhole } from "../../files/index.ts";
import { readCertificate } from "../certificate.ts";
import { trustedIssuerOf } from "../issuer.ts";
import { derOfFile, pemOf } from "../pem.ts";
import { type Authority, createAuthority, issue, type IssueRequest } from "./authority.ts";
import { type CertifiedKey, certifiedKeyOf } from "./certificates.ts";
import { makeStaple, type StapleStatus } from "./staples.ts";

/** A file of the index, by its serial number; it takes the old one's place in one step. */
interface IndexEntry {
  serial: string;
  kind: IssueRequest["kind"];
  name: string;
  issuedSeconds: number;
  notAfterSeconds: number;
  revokedSeconds?: number;
}

const PARTIES = ["root", "intermediate", "responder"] as const;
const PRIVATE_MODE = 0o600;
const INDEX = "index";
const SECONDS_PER_HOUR = 3600;

export interface KeyFiles {
  certificateFile: string;
  keyFile: string;
}

const filesOf = (folder: string, name: string): KeyFiles => ({
  certificateFile: join(folder, `${name}.cert.pem`),
  keyFile: join(folder, `${name}.key.pem`),
});

const pathsOf = ({ certificateFile, keyFile }: KeyFiles): string[] => [certificateFile, keyFile];

const write = (place: string, content: string, mode?: number): void =>
  orRefused(
    ({ code }) => ({ place, problem: `cannot be written (${code})` }),
    () => writeWhole(place, content, { sync: true, ...(mode !== undefined && { mode }) }),
  );

const read = (place: string, remedy?: string): Buffer =>
  orRefused(
    ({ code }) => ({
      place,
      problem: code === "ENOENT" ? "no such file" : `cannot be read (${code})`,
      ...(remedy !== undefined && { remedy }),
    }),
    () => readFileSync(place),
  );

/** The key first: a certificate that is there has one. */
function writeKey(
  { certificateFile, keyFile }: KeyFiles,
  { privateKey, certificateDer }: CertifiedKey,
  above = "",
): void {
  write(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }) as string, PRIVATE_MODE);
  write(certificateFile, pemOf("CERTIFICATE", certificateDer) + above);
}

export class PkiFolder {
  readonly folder: string;
  readonly authority: Authority;

  private constructor(folder: string, authority: Authority) {
    this.folder = folder;
    this.authority = authority;
  }

  /** @throws InputError when there is one already, or when it cannot be written */
  static async create(folder: string, name: string, nowSeconds: number): Promise<PkiFolder> {
    const files = PARTIES.map((party) => filesOf(folder, party));
    const there = files.flatMap(pathsOf).find((file) => existsSync(file));
    if (there !== undefined)
      throw new InputError({ place: there, problem: "is there already", remedy: "an authority is never replaced" });
    const authority = await createAuthority(name, nowSeconds);
    orRefused(
      ({ code }) => ({ place: folder, problem: `cannot be made (${code})` }),
      () => makeFolders(join(folder, INDEX)),
    );
    for (const [at, party] of PARTIES.entries()) writeKey(files[at]!, authority[party]);
    return new PkiFolder(folder, authority);
  }

  /** @throws InputError when no authority is in it */
  static open(folder: string): PkiFolder {
    const [root, intermediate, responder] = PARTIES.map((party) => {
      const { certificateFile, keyFile } = filesOf(folder, party);
      const remedy = `\`poncast pki init --out ${folder}\` makes an authority`;
      const certificate = read(certificateFile, remedy);
      const key = read(keyFile, remedy).toString("latin1");
      return refusedAt(keyFile, "not the private key of the certificate beside it", () =>
        certifiedKeyOf(derOfFile(certificate), key),
      );
    });
    return new PkiFolder(folder, { root: root!, intermediate: intermediate!, responder: responder! });
  }

  /** @param force replaces certificate and key of that name @throws InputError when they are there already */
  async issue(request: IssueRequest, force = false): Promise<KeyFiles & { serial: string }> {
    const files = filesOf(this.folder, request.name);
    const there = pathsOf(files).find((file) => existsSync(file));
    if ((PARTIES as readonly string[]).includes(request.name))
      throw new InputError({ place: request.name, problem: "is what one of the authority's own is called" });
    if (there !== undefined && !force)
      throw new InputError({ place: there, problem: "is there already", remedy: "--force replaces it" });
    const issued = await issue(this.authority, request);
    const { serial, notAfterSeconds } = readCertificate(issued.certificateDer);
    const { kind, name, nowSeconds: issuedSeconds } = request;
    // Into the index first: what is in nobody's index cannot be revoked.
    this.#record({ serial, kind, name, issuedSeconds, notAfterSeconds });
    writeKey(files, issued, pemOf("CERTIFICATE", this.authority.intermediate.certificateDer));
    return { ...files, serial };
  }

  /** What a responder says of a certificate. */
  statusOf(serial: string): StapleStatus {
    const entry = this.#find(serial);
    if (entry === undefined) return { kind: "unknown" };
    const { revokedSeconds: atSeconds } = entry;
    return atSeconds === undefined ? { kind: "good" } : { kind: "revoked", atSeconds };
  }

  /**
   * @param which serial number in hexadecimal, or a certificate's file
   * @returns when it was revoked: the first time counts
   * @throws InputError when the authority has not issued it
   */
  revoke(which: string, nowSeconds: number): { serial: string; name: string; revokedSeconds: number } {
    const serial = existsSync(which) ? readCertificate(this.readLeaf(which)).serial : serialOf(which);
    const entry = this.#find(serial);
    if (entry === undefined)
      throw new InputError({ place: which, problem: `the authority in ${this.folder} has issued no such certificate` });
    const { name, revokedSeconds = nowSeconds } = entry;
    if (entry.revokedSeconds === undefined) this.#record({ ...entry, revokedSeconds });
    return { serial, name, revokedSeconds };
  }

  /** A staple with what the index says now. @throws InputError when the file has no certificate of this authority */
  async staple(file: string, hours: number, nowSeconds: number): Promise<{ der: Uint8Array; status: StapleStatus }> {
    const leafDer = this.readLeaf(file);
    const { intermediate, responder } = this.authority;
    const status = this.statusOf(readCertificate(leafDer).serial);
    const der = await makeStaple({
      leafDer,
      issuerDer: intermediate.certificateDer,
      responder,
      status,
      thisUpdateSeconds: nowSeconds,
      nextUpdateSeconds: nowSeconds + hours * SECONDS_PER_HOUR,
    });
    return { der, status };
  }

  /** The first certificate of a file, which this authority has issued. */
  readLeaf(file: string): Uint8Array {
    const leafDer = derOfFile(read(file));
    refusedAt(file, "no certificate, in PEM or DER form", () => new X509Certificate(leafDer));
    if (trustedIssuerOf(leafDer, [], [this.authority.intermediate.certificateDer]) === undefined)
      throw new InputError({ place: file, problem: `not issued by the authority in ${this.folder}` });
    return leafDer;
  }

  #record(entry: IndexEntry): void {
    write(this.#indexFile(entry.serial), `${JSON.stringify(entry)}\n`);
  }

  #find(serial: string): IndexEntry | undefined {
    const file = this.#indexFile(serial);
    if (!existsSync(file)) return undefined;
    return refusedAt(file, "no entry of an index", () => JSON.parse(read(file).toString()) as IndexEntry);
  }

  #indexFile(serial: string): string {
    return join(this.folder, INDEX, `${serial}.json`);
  }
}

/** As openssl prints it, with or without colons. */
function serialOf(text: string): string {
  const serial = text.replaceAll(":", "").toUpperCase();
  if (!/^(?:[0-9A-F]{2}){1,20}$/.test(serial))
    throw new InputError({ place: text, problem: "neither a file nor a serial number in hexadecimal" });
  return serial;
}

/** What is wrong with a file is told in our words, whatever the packages say. */
function refusedAt<Result>(place: string, problem: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError({ place, problem });
  }
}
