/** What a case for CWMP is made of: data, from which it is run and its page is written. */

/** What has to be so before the steps of a case. */
export type CwmpPrecondition =
  /** The CPE takes connection requests. */
  | "connection"
  /** A firmware image that the CPE takes was given. */
  | "image"
  /** One that is signed by somebody whom it does not trust was given. */
  | "untrusted"
  /** Its power can be switched. */
  | "power"
  /** A file server with a revoked certificate, of an authority that the CPE trusts. */
  | "revoked"
  /** Name and password that the CPE shows its ACS. */
  | "password"
  /** Somebody can have the ACS ask for a session. */
  | "caller";

export const CWMP_PRECONDITION_TEXTS: Readonly<Record<CwmpPrecondition, string>> = {
  connection: "the CPE names a ConnectionRequestURL, and takes name and password for it",
  image: "a firmware image was given that the CPE takes (`--image`)",
  untrusted: "an image was given that is signed by somebody whom the CPE does not trust (`--untrusted-image`)",
  power: "the CPE's power can be switched (`--restart-command`)",
  revoked: "files can be offered over HTTPS with a revoked certificate (`--revoked-pki`)",
  password: "name and password of the CPE at its ACS were given (`--username`, `--password`)",
  caller: "the ACS can be made to ask for a session (with `--self` alone)",
};

export interface CwmpStep<Tester> {
  text: string;
  run: (tester: Tester) => unknown;
}

export interface CwmpCase<Tester> {
  /** Group and name: `download.delay`. */
  id: string;
  title: string;
  /** Where TR-069, Amendment 6, asks for it. */
  clause: string;
  /** `field`: the standard leaves it open, and the other side counts on it. */
  basis: "TR-069" | "field";
  objective: string;
  preconditions: readonly CwmpPrecondition[];
  steps: readonly CwmpStep<Tester>[];
  pass: string;
}

/** What both testers have. */
export interface CaseTester {
  /** @throws CannotTest where a precondition cannot be had */
  prepare(preconditions: readonly CwmpPrecondition[]): Promise<void>;
}
