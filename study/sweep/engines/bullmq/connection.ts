/** Ways to a Redis: tried once before anything is begun, and patient from then on. */
import { Redis, type RedisOptions } from "ioredis";
import { RunInputError } from "../../../../run/index.ts";
import type { RedisAddress } from "./address.ts";

const CONNECT_MS = 5000;
/** Between attempts to get back to a Redis that is away. */
const RETRY_STEP_MS = 100;
const RETRY_MS_MAX = 1000;
/** Commands that BullMQ's scripts use are there from this version on. */
const VERSION_LEAST = [6, 2];

/** A Redis that is away is waited for, however long. */
export const patientOptions = (address: RedisAddress) => ({
  ...optionsOf(address),
  retryStrategy: (attempt: number) => Math.min(attempt * RETRY_STEP_MS, RETRY_MS_MAX),
  maxRetriesPerRequest: null,
});

function optionsOf({ host, port, database, tls, username, password }: RedisAddress): RedisOptions {
  return {
    host,
    port,
    db: database,
    connectTimeout: CONNECT_MS,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    // A name that is an address has no place in a certificate's SNI.
    ...(tls && { tls: /^[\d.]+$|:/.test(host) ? {} : { servername: host } }),
  };
}

/** @returns what its operator should know. @throws RunInputError: there is none, it is too old, or it does not let us in */
export async function tryRedis(address: RedisAddress): Promise<string[]> {
  const client = new Redis({
    ...optionsOf(address),
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  let first: Error | undefined;
  client.on("error", (error: Error) => (first ??= error));
  try {
    await client.connect();
    return notesOf(address, await client.info());
  } catch (error) {
    if (error instanceof RunInputError) throw error;
    throw new RunInputError(`${address.shown}: ${wordsOf(first ?? (error as Error), address)}`);
  } finally {
    client.disconnect();
  }
}

/** What a Redis refuses later, as its memory is full for example, is a line as well. @throws RunInputError */
export async function orSaid<Result>({ shown }: RedisAddress, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw new RunInputError(`${shown}: ${(error as Error).message.split("\n", 1)[0]}`);
  }
}

function notesOf({ shown }: RedisAddress, info: string): string[] {
  const valueOf = (name: string): string => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1] ?? "";
  const version = valueOf("redis_version");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [least, minorLeast] = VERSION_LEAST;
  if (major < least || (major === least && minor < minorLeast))
    throw new RunInputError(`${shown}: Redis ${version}; ${VERSION_LEAST.join(".")} or later is needed`);
  const notes: string[] = [];
  if (valueOf("aof_enabled") === "0")
    notes.push(`${shown}: keeps no append-only file (appendonly no): when it is killed, call the same command again`);
  const policy = valueOf("maxmemory_policy");
  if (policy !== "" && policy !== "noeviction")
    notes.push(`${shown}: may forget what it holds (maxmemory-policy ${policy}); noeviction is safe`);
  return notes;
}

/** What the system or the server says, in a line that has no password. */
function wordsOf(error: Error & { code?: string }, { tls }: RedisAddress): string {
  const { code, message } = error;
  if (/WRONGPASS|invalid (?:username-)?password/i.test(message)) return "user or password is wrong";
  if (/NOAUTH/.test(message)) return "asks for a password; say it as redis://:password@host";
  if (/NOPERM/.test(message)) return "this user may not do what is needed (INFO, and keys that begin with poncast:)";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `no such host (${code})`;
  if (code === "ECONNREFUSED") return "no Redis is there (ECONNREFUSED)";
  // One without TLS takes the greeting for a command, and waits for the end of its line.
  if (/ETIMEDOUT/.test(`${code} ${message}`))
    return tls ? "does not answer; does it speak TLS? redis:// is without (ETIMEDOUT)" : "does not answer (ETIMEDOUT)";
  if (tls && /wrong version number|EPROTO|packet length too long/i.test(`${code} ${message}`))
    return "does not speak TLS; redis:// is without";
  if (tls) return `TLS: ${message.split("\n", 1)[0]}; an authority of your own is named by NODE_EXTRA_CA_CERTS`;
  if (/Connection is closed|ECONNRESET|EPIPE/.test(`${code} ${message}`))
    return "closes the connection; does it want TLS (rediss://)?";
  return code ?? message.split("\n", 1)[0];
}
