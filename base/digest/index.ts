/** Who asks, in HTTP: digest with MD5 and SHA-256 (RFC 7616, qop auth) of both sides, and basic (RFC 7617). No clock, no chance. */
export { basicAnswer, checkBasic } from "./basic.ts";
export { type Credentials, DigestClient } from "./client.ts";
export { DIGEST_ALGORITHMS, type DigestAlgorithm } from "./hash.ts";
export { type AuthScheme, readAuthHeader } from "./header.ts";
export { DigestServer, type DigestServerConfig, type DigestVerdict } from "./server.ts";
