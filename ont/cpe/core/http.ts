/** What a session takes of HTTP beside status and body: cookies (RFC 6265, as far as one server and one session go) and redirects. */
import { COOKIE_CHARACTERS_MAX, COOKIES_MAX } from "./policy.ts";

const COOKIE =
  /^\s*([\x21\x23-\x2b\x2d-\x3a\x3c\x3e-\x7e]+)=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|"[^"]*")\s*(?:;|$)/;
const IS_GONE = /;\s*max-age\s*=\s*(?:0|-\d+)\s*(?:;|$)/i;

/** @param fresh values of Set-Cookie; what is not readable is left out */
export function keepCookies(cookies: Map<string, string>, fresh: readonly string[]): void {
  for (const line of fresh) {
    const found = COOKIE.exec(line);
    if (found === null) continue;
    const [, name, value] = found;
    if (IS_GONE.test(line)) cookies.delete(name);
    else if (cookies.has(name) || cookies.size < COOKIES_MAX) cookies.set(name, value);
  }
}

/** @returns value of Cookie; empty: there is none */
export function cookieHeader(cookies: ReadonlyMap<string, string>): string {
  const line = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return line.length > COOKIE_CHARACTERS_MAX ? "" : line;
}

/** @returns undefined for a place that is none, or that would leave TLS */
export function redirectedUrl(from: string, location: string | undefined): string | undefined {
  if (location === undefined || !URL.canParse(location, from)) return undefined;
  const url = new URL(location, from);
  const isHttp = url.protocol === "https:" || url.protocol === "http:";
  return isHttp && (url.protocol === "https:" || !from.startsWith("https:")) ? url.href : undefined;
}

/** Why a file is not fetched from there; empty: it may be. */
export function fileUrlProblem(text: string): "invalidArguments" | "protocolNotSupported" | "" {
  if (!URL.canParse(text)) return "invalidArguments";
  const { protocol, username, password } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return "protocolNotSupported";
  // TR-069, A.3.2.8: who is there is said in arguments of their own.
  return username === "" && password === "" ? "" : "invalidArguments";
}
