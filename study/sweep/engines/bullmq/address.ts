/** Where a Redis is: `redis://user:password@host:port/database`, `rediss://` with TLS. Its password is never shown. */
import { RunInputError } from "../../../../run/index.ts";

export interface RedisAddress {
  host: string;
  port: number;
  database: number;
  tls: boolean;
  username?: string;
  password?: string;
  /** For people: without user and password. */
  shown: string;
}

type Environment = Readonly<Partial<Record<string, string>>>;

const PORT = 6379;
const FORM = "redis://user:password@host:port/database, or rediss:// with TLS; all but the host may be left out";

/**
 * A password that the address does not have may be in REDISCLI_AUTH, as for redis-cli: a command line is seen by all.
 *
 * @throws RunInputError: it does not say what was given, as a password may be in it
 */
export function parseRedisAddress(text: string, { REDISCLI_AUTH }: Environment = process.env): RedisAddress {
  const refuse = (problem: string): never => {
    throw new RunInputError(`--engine: ${problem}; ${FORM}`);
  };
  if (!URL.canParse(text)) return refuse("this is no address of a Redis");
  const { protocol, hostname, port, pathname, username, password, search, hash } = new URL(text);
  const database = /^\/?$/.test(pathname) ? 0 : Number(/^\/(\d{1,4})$/.exec(pathname)?.[1] ?? Number.NaN);
  if (hostname === "") return refuse("the address has no host");
  if (Number.isNaN(database)) return refuse("what stands behind the host of the address is no number of a database");
  if (search !== "" || hash !== "") return refuse("the address has ? or #; in a password they are %3F and %23");
  const host = decodeURIComponent(hostname).replace(/^\[(.*)\]$/, "$1");
  const shown = `${protocol}//${hostname}:${port || PORT}${database === 0 ? "" : `/${database}`}`;
  const tls = protocol === "rediss:";
  const secret = password ? plain(password) : REDISCLI_AUTH;
  const words = { ...(username && { username: plain(username) }), ...(secret && { password: secret }) };
  return { host, port: Number(port || PORT), database, tls, shown, ...words };
}

/** A percent sign that means itself is no reason to fail. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
