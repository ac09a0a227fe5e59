/** curl as somebody else's digest: what our server asks for, it answers. */
import { execFile, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DigestAlgorithm, DigestServer } from "../../../base/digest/index.ts";

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
if (!hasCurl) process.stderr.write("curl is not installed: its digest is not compared\n");

const CASES: readonly (readonly [string, readonly DigestAlgorithm[]])[] = [
  ["/md5", ["MD5"]],
  ["/sha-256", ["SHA-256"]],
  ["/both", ["MD5", "SHA-256"]],
];
const digests = new Map(
  CASES.map(([path, algorithms]) => [
    path,
    new DigestServer({ realm: "a realm", algorithms, secret: Buffer.alloc(16, 1) }),
  ]),
);
let server: Server;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer(({ url = "", method = "", headers: { authorization = "" } }, response) => {
    const digest = digests.get(url.split("?", 1)[0])!;
    asked.push(authorization);
    const verdict = digest.check(Date.now(), authorization, method, url, (name) =>
      name === "o:p" ? undefined : "pass word",
    );
    if (verdict.ok) return void response.end(verdict.username);
    response.writeHead(401, { "www-authenticate": digest.challenge(Date.now(), verdict.isStale) }).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => void server.close());

const curl = async (path: string, user: string): Promise<string> => {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${path}?a=1`;
  const options = ["--silent", "--digest", "--user", user, "--write-out", " %{http_code}", url];
  return (await run("curl", options)).stdout;
};

it.skipIf(!hasCurl).each(CASES)("%s: curl is let in with the password", async (path) => {
  asked = [];
  expect(await curl(path, "ont:pass word")).toBe("ont 200");
  expect(asked).toEqual(["", expect.stringMatching(/^Digest /)]);
});

it.skipIf(!hasCurl)("and not with another", async () => {
  expect(await curl("/md5", "ont:other")).toBe(" 401");
});
