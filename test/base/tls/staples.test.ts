/** Over TLS on the loopback: which staples a client takes, and that nothing goes to a server whose staple it does not take. */
import { once } from "node:events";
import { request } from "node:https";
import { type AddressInfo, connect as connectPlain, createServer as createPlainServer } from "node:net";
import { connect, type ConnectionOptions, type SecureVersion, type TLSSocketOptions } from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CertifiedKey, createStapler, issue, type StapleStatus } from "../../../base/pki/authority/index.ts";
import {
  connectStapled,
  type ConnectRequest,
  demandStaple,
  StapledAgent,
  StapleRefusedError,
} from "../../../base/tls/index.ts";
import { BAD_STAPLES, createLab, HOUR, identityOf, type Lab, rootPem, stapleOf, YEAR } from "../pki/lab.ts";
import { startServer, type TestServer } from "./servers.ts";

const VERSIONS = ["TLSv1.2", "TLSv1.3"] as const satisfies SecureVersion[];
/** OpenSSL goes by the machine's clock, so that certificates do. */
const nowSeconds = Math.floor(Date.now() / 1000);
/** Application data, five bytes of it. */
const RECORD = "1703030005aabbccddee";
let lab: Lab;
let server: TestServer;
beforeAll(async () => {
  lab = await createLab(nowSeconds);
});
afterEach(() => server.close());

const ours = (): Pick<ConnectRequest, "trusted" | "nowSeconds"> => ({
  trusted: rootPem(lab),
  nowSeconds: () => nowSeconds,
});

/** Why a connection is refused; "good" when it is not. */
async function outcome(otherwise: Partial<ConnectRequest> = {}): Promise<string> {
  try {
    const { socket } = await connectStapled({ host: "127.0.0.1", port: server.port, ...ours(), ...otherwise });
    socket.destroy();
    return "good";
  } catch (error) {
    return error instanceof StapleRefusedError ? error.why : (error as Error).message;
  }
}

/** What a request gets through the agent, or why it does not. */
function post(agent: StapledAgent, port = server.port): Promise<string> {
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, method: "POST", agent };
    const sent = request(options, (response) => {
      let text = "";
      response.on("data", (data: Buffer) => (text += data.toString()));
      response.on("end", () => resolve(text));
    });
    sent.on("error", (error) => resolve(error.message));
    sent.end("a secret token");
  });
}

describe.each(VERSIONS)("%s", (maxVersion) => {
  const start = async (staple: Uint8Array | undefined, leaf: CertifiedKey = lab.leaf): Promise<void> => {
    server = await startServer(identityOf(lab, leaf), () => staple, { maxVersion });
  };

  it("a good staple: the request goes through", async () => {
    await start(await stapleOf(lab, lab.leaf));
    const agent = new StapledAgent(ours());
    expect(await post(agent)).toBe("image");
    expect(server.requests()).toBe(1);
  });

  it.each(BAD_STAPLES)("a staple %s: %s, and not a byte is sent", async (_title, cause, make) => {
    await start(await make(lab, lab.leaf));
    expect(await outcome()).toBe(cause);
    const line = await post(new StapledAgent(ours()));
    expect(line).toMatch(/^127\.0\.0\.1:\d+: [^\n]{10,160}$/);
    expect([server.requests(), server.bytes()]).toEqual([0, 0]);
    expect(server.staplesAsked()).toBe(2);
  });

  it.each([
    ["must-staple, absent", true, undefined, "absent"],
    ["must-staple, revoked", true, "revoked", "revoked"],
    ["must-staple, good", true, "good", "good"],
    ["no must-staple, absent", false, undefined, "good"],
    ["no must-staple, revoked", false, "revoked", "revoked"],
  ] as const)("where only the certificate demands: %s", async (_title, isMust, kind, expected) => {
    const leaf = isMust ? lab.mustStaple : lab.leaf;
    const status: StapleStatus = kind === "revoked" ? { kind, atSeconds: nowSeconds - HOUR } : { kind: "good" };
    await start(kind === undefined ? undefined : await stapleOf(lab, leaf, { status }), leaf);
    expect(await outcome({ policy: "mustStaple" })).toBe(expected);
  });

  it.each([
    [-50 * YEAR, "notYetValid"],
    [50 * YEAR, "expired"],
  ])("a clock that is off by %d s: %s", async (off, cause) => {
    await start(await stapleOf(lab, lab.leaf));
    expect(await outcome({ nowSeconds: () => nowSeconds + off })).toBe(cause);
  });

  it("a resumed session is refused: it carries no staple", async () => {
    await start(await stapleOf(lab, lab.leaf));
    const options: ConnectionOptions & TLSSocketOptions = {
      host: "127.0.0.1",
      port: server.port,
      ca: rootPem(lab),
      requestOCSP: true,
    };
    const first = connect(options);
    const tickets = once(first, "session") as Promise<[Buffer]>;
    await demandStaple(first, ours());
    const [session] = await tickets;
    first.destroy();
    const second = connect({ ...options, session });
    await expect(demandStaple(second, ours())).rejects.toMatchObject({ why: "resumed" });
    expect(second.destroyed).toBe(true);
    expect(server.staplesAsked()).toBe(1);
  });

  it("the agent resumes none: each connection has its staple", async () => {
    await start(await stapleOf(lab, lab.leaf));
    const agent = new StapledAgent(ours());
    expect([await post(agent), await post(agent)]).toEqual(["image", "image"]);
    expect(server.staplesAsked()).toBe(2);
  });

  it("a staple is not lost on a certificate of another name", async () => {
    await start(await stapleOf(lab, lab.leaf));
    expect(await outcome({ servername: "elsewhere.test" })).toContain("altnames");
  });
});

describe("connections that are kept", () => {
  it("serve the next request, until their staple has expired", async () => {
    server = await startServer(identityOf(lab, lab.leaf), () => stapleOf(lab, lab.leaf));
    let clock = nowSeconds;
    const agent = new StapledAgent({ ...ours(), nowSeconds: () => clock }, { keepAlive: true });
    expect([await post(agent), await post(agent)]).toEqual(["image", "image"]);
    expect(server.staplesAsked()).toBe(1);
    clock += HOUR + 1;
    expect(await post(agent)).toBe("image");
    // It was the last over this connection; a new one is judged anew.
    expect(await post(agent)).toContain("good until");
    expect([server.staplesAsked(), server.requests()]).toEqual([2, 3]);
    agent.destroy();
  });
});

describe("versions", () => {
  const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;

  it("a client with TLS 1.1 is refused", async () => {
    server = await startServer(identityOf(lab, lab.leaf), () => undefined);
    const socket = connect({ host: "127.0.0.1", port: server.port, ca: rootPem(lab), ...old });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
  });

  it("a server with TLS 1.1 is refused", async () => {
    server = await startServer(identityOf(lab, lab.leaf), () => stapleOf(lab, lab.leaf), old);
    expect(await outcome()).toMatch(/^127\.0\.0\.1:\d+: .*protocol version/);
    expect(server.bytes()).toBe(0);
  });
});

describe("servers", () => {
  it("go on without a staple where it cannot be had", async () => {
    server = await startServer(identityOf(lab, lab.leaf), () => Promise.reject(new Error("no responder")));
    expect(await outcome()).toBe("absent");
    expect(await outcome({ policy: "mustStaple" })).toBe("good");
  });

  it("of an authority that is not trusted are refused", async () => {
    server = await startServer(identityOf(lab, lab.leaf), () => stapleOf(lab, lab.leaf));
    expect(await outcome({ trusted: rootPem({ ...lab, authority: lab.stranger }) })).not.toBe("good");
    expect(server.bytes()).toBe(0);
  });

  it("that ask for a client's certificate take one of theirs and no other", async () => {
    const clientOf = async (authority: Lab["authority"]): Promise<ReturnType<typeof identityOf>> =>
      identityOf({ ...lab, authority }, await issue(authority, { kind: "client", name: "ont-1", nowSeconds, days: 1 }));
    server = await startServer(identityOf(lab, lab.leaf), () => stapleOf(lab, lab.leaf), { clientCa: rootPem(lab) });
    const agentOf = async (authority: Lab["authority"]): Promise<StapledAgent> =>
      new StapledAgent({ ...ours(), identity: await clientOf(authority) });
    expect(await post(await agentOf(lab.authority))).toBe("image");
    expect(await post(await agentOf(lab.stranger))).not.toBe("image");
    expect(await post(new StapledAgent(ours()))).not.toBe("image");
    expect(server.requests()).toBe(1);
  });

  it("that say nothing are given up", async () => {
    server = await startServer(identityOf(lab, lab.leaf), () => undefined);
    const silent = createPlainServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    expect(await outcome({ port, handshakeMs: 20 })).toBe("noHandshake");
    silent.close();
  });
});

describe("a server that breaks the connection in one go with the end of the handshake", () => {
  it("fails the request, and nothing else", async () => {
    server = await startServer(identityOf(lab, lab.leaf), () => stapleOf(lab, lab.leaf), { maxVersion: "TLSv1.2" });
    // The second flight of TLS 1.2 ends the handshake; behind it a record that nobody has sealed.
    const between = createPlainServer((near) => {
      const far = connectPlain(server.port, "127.0.0.1");
      let flights = 0;
      near.on("data", (data) => {
        flights++;
        far.write(data);
      });
      far.on("data", (data) => near.write(flights > 1 ? Buffer.concat([data, Buffer.from(RECORD, "hex")]) : data));
      for (const socket of [near, far])
        socket.on("error", () => undefined).on("close", () => [near, far].forEach((each) => each.destroy()));
    });
    between.listen(0, "127.0.0.1");
    await once(between, "listening");
    const { port } = between.address() as AddressInfo;
    expect(await post(new StapledAgent(ours()), port)).not.toBe("image");
    // Nobody listens to this one: an error that nobody hears would end the process.
    const held = await connectStapled({ host: "127.0.0.1", port, ...ours() }).catch(() => undefined);
    await new Promise((resolve) => (held === undefined ? resolve(held) : held.socket.once("close", resolve)));
    between.close();
  });
});

describe("createStapler", () => {
  it("makes a staple once in half of its time, and at once when the status is another", async () => {
    let clock = nowSeconds;
    let status: StapleStatus = { kind: "good" };
    let made = 0;
    const stapler = createStapler(lab.authority, { hours: 2, nowSeconds: () => clock, statusOf: () => status });
    let last: Uint8Array | undefined;
    const staple = async (): Promise<Uint8Array> => {
      const next = await stapler(lab.leaf.certificateDer);
      if (next !== last) made++;
      last = next;
      return next;
    };
    server = await startServer(identityOf(lab, lab.leaf), staple);
    const times = async (): Promise<[string, number]> => [await outcome({ nowSeconds: () => clock }), made];
    expect(await times()).toEqual(["good", 1]);
    clock += HOUR - 1;
    expect(await times()).toEqual(["good", 1]);
    clock += 1;
    expect(await times()).toEqual(["good", 2]);
    status = { kind: "revoked", atSeconds: clock };
    expect(await times()).toEqual(["revoked", 3]);
  });
});
