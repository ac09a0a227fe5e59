/** A test authority made in process: certificates and the staples that vouch for them. Loads pkijs: imported late. */
export { addressBytes } from "./address.ts";
export { createAuthority, type Authority, issue, type IssueRequest } from "./authority.ts";
export {
  type CertificateKind,
  type CertificateRequest,
  type CertifiedKey,
  certifiedKeyOf,
  makeCertificate,
} from "./certificates.ts";
export { type KeyFiles, PkiFolder } from "./folder.ts";
export { makeStaple, makeUnsuccessful, type StapleRequest, type StapleStatus } from "./staples.ts";
export { createStapler, type StaplerOptions } from "./stapler.ts";
