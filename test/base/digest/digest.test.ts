/** Digest of both sides: the standard's own examples, each other, and what must not pass. */
import { describe, expect, it } from "vitest";
import {
  basicAnswer,
  checkBasic,
  DIGEST_ALGORITHMS,
  DigestClient,
  DigestServer,
  readAuthHeader,
} from "../../../base/digest/index.ts";

const NOW_MS = Date.UTC(2026, 10, 27);
const CREDENTIALS = { username: 'a "quoted" name', password: "Circle of Life" };
const passwordOf = (username: string): string | undefined =>
  username === CREDENTIALS.username ? CREDENTIALS.password : undefined;

const serverOf = (more: object = {}): DigestServer =>
  new DigestServer({ realm: "cwmp", algorithms: ["MD5", "SHA-256"], secret: Buffer.alloc(32, 7), ...more });

const clientOf = (challenges: readonly string[], credentials = CREDENTIALS): DigestClient => {
  const client = new DigestClient(credentials);
  expect(client.take(challenges.join(", "))).toBeDefined();
  return client;
};

/** RFC 7616, 3.9.1. */
it.each([
  ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
  ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
])("%s as in the standard's example", (algorithm, response) => {
  const client = new DigestClient({ username: "Mufasa", password: "Circle of Life" });
  client.take(
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
  );
  const answer = client.answer("GET", "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")!;
  const [{ parameters }] = readAuthHeader(answer);
  expect(Object.fromEntries(parameters)).toMatchObject({
    username: "Mufasa",
    uri: "/dir/index.html",
    nc: "00000001",
    qop: "auth",
    opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    response,
  });
});

it.each(DIGEST_ALGORITHMS)("%s: both sides understand each other, request after request", (algorithm) => {
  const server = serverOf({ algorithms: [algorithm] });
  const client = clientOf(server.challenge(NOW_MS));
  for (const uri of ["/acs", "/acs?a=1,b", "/x"])
    expect(server.check(NOW_MS, client.answer("POST", uri, "c")!, "POST", uri, passwordOf)).toEqual({
      ok: true,
      username: CREDENTIALS.username,
    });
});

it("the client takes the stronger of two, and passes over schemes that it does not know", () => {
  const client = clientOf(["Negotiate abc==", "Basic realm=x", ...serverOf().challenge(NOW_MS)]);
  expect(client.answer("GET", "/", "c")).toContain("algorithm=SHA-256");
});

it.each([
  "",
  "Basic realm=x",
  'Digest realm="x", nonce="y", qop="auth-int"',
  'Digest realm="x", nonce="y", algorithm=SHA-1, qop="auth"',
])("a challenge that it cannot answer: %s", (header) => {
  const client = new DigestClient(CREDENTIALS);
  expect(client.take(header)).toBeUndefined();
  expect(client.answer("GET", "/", "c")).toBeUndefined();
});

describe("refused", () => {
  const server = serverOf();
  const check = (answer: string, { method = "GET", uri = "/a", at = NOW_MS } = {}) =>
    server.check(at, answer, method, uri, passwordOf);
  const answer = (credentials = CREDENTIALS): string =>
    clientOf(server.challenge(NOW_MS), credentials).answer("GET", "/a", "c")!;

  it.each([
    ["another password", () => check(answer({ ...CREDENTIALS, password: "circle of life" }))],
    ["somebody unknown", () => check(answer({ username: "b", password: "" }))],
    ["another method", () => check(answer(), { method: "POST" })],
    ["another path", () => check(answer(), { uri: "/b" })],
    ["another realm", () => check(answer().replace('realm="cwmp"', 'realm="other"'))],
    ["an algorithm that was not offered", () => check(answer().replace("SHA-256", "SHA-512-256"))],
    ["no qop", () => check(answer().replace("qop=auth, ", ""))],
    ["two of one", () => check(`${answer()}, nc=00000001`)],
    ["two answers", () => check(`${answer()}, ${answer()}`)],
    ["nothing", () => check("")],
    ["too much", () => check(`${answer()}, x="${"y".repeat(10_000)}"`)],
  ])("%s", (_, verdict) => expect(verdict()).toEqual({ ok: false, isStale: false }));

  it.each<[string, () => unknown]>([
    ["too late", () => check(answer(), { at: NOW_MS + 300_001 })],
    [
      "a nonce of somebody else",
      () => check(clientOf(serverOf({ secret: Buffer.alloc(32, 8) }).challenge(NOW_MS)).answer("GET", "/a", "c")!),
    ],
    [
      "what was said before",
      () => {
        const said = answer();
        expect(check(said).ok).toBe(true);
        return check(said);
      },
    ],
  ])("as stale: %s", (_, verdict) => expect(verdict()).toEqual({ ok: false, isStale: true }));

  it("a client that is told so answers the new challenge", () => {
    const client = clientOf(server.challenge(NOW_MS));
    expect(client.take(server.challenge(NOW_MS, true).join(", "))).toEqual({ isStale: true });
    expect(check(client.answer("GET", "/a", "c")!).ok).toBe(true);
  });

  it("more nonces than are remembered: the oldest is worth nothing any more, so that nothing is taken twice", () => {
    const small = serverOf({ noncesMax: 2 });
    const times = [NOW_MS, NOW_MS + 1, NOW_MS + 2, NOW_MS];
    const clients = times.map((atMs) => clientOf(small.challenge(atMs)));
    const said = clients.map((client) => client.answer("GET", "/a", "c")!);
    const isTaken = (each: string): boolean => small.check(NOW_MS + 2, each, "GET", "/a", passwordOf).ok;
    expect(said.slice(0, 3).map(isTaken)).toEqual([true, true, true]);
    expect(said.map(isTaken)).toEqual([false, false, false, false]);
    expect(isTaken(clients[2].answer("GET", "/a", "c")!)).toBe(true);
  });
});

it("a name that no header can carry is refused at once", () => {
  expect(() => new DigestClient({ username: "a\nb", password: "" })).toThrow(RangeError);
});

describe("basic", () => {
  it("name and password, which may have colons", () => {
    const credentials = { username: "ont", password: "a:b:" };
    const wanted = (username: string): string | undefined => (username === "ont" ? "a:b:" : undefined);
    expect(checkBasic(basicAnswer(credentials), wanted)).toBe("ont");
    expect(checkBasic(basicAnswer({ ...credentials, password: "a:b" }), wanted)).toBeUndefined();
    expect(checkBasic(basicAnswer({ username: "x", password: "" }), wanted)).toBeUndefined();
  });

  it.each(["", "Basic", "Basic !!!", "Digest a=b", "Basic Og=="])("none: %s", (header) => {
    expect(checkBasic(header, () => undefined)).toBeUndefined();
  });
});

it("headers of any form cost nothing", () => {
  for (const header of ["=", ",,,", '"', 'Digest a="', "Digest =b", "\\", "a ".repeat(4_000), "Digest a=b c=d"])
    expect(() => readAuthHeader(header)).not.toThrow();
});
