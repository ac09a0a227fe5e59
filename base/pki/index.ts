/** Certificates and OCSP staples, read and judged; what makes them is in authority/, whose packages take longer to load. */
export { type CertificateFacts, readCertificate } from "./certificate.ts";
export { trustedIssuerOf } from "./issuer.ts";
export { judgeStaple, STAPLE_CAUSES, type StapleCause, type StapleQuestion, type StapleVerdict } from "./judge.ts";
export { certificateDers, derOfFile, pemOf } from "./pem.ts";
