/** The form of WWW-Authenticate and Authorization (RFC 9110, 11.3 to 11.6): schemes, each with its parameters. */

export interface AuthScheme {
  /** Small letters. */
  scheme: string;
  /** What stands behind the scheme where it is one word, as of Basic. */
  token: string;
  /** By names in small letters; unquoted. */
  parameters: ReadonlyMap<string, string>;
}

const HEADER_CHARACTERS_MAX = 8_192;
const SCHEMES_MAX = 16;
const PARAMETERS_MAX = 32;
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** A parameter, or a word: a scheme begins with one. */
const PIECE = new RegExp(
  `[\\s,]*(?:(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))(?=\\s*(?:,|$))|([^\\s,"]+))`,
  "y",
);

/** What cannot be understood ends it: what was read until then counts. A parameter that stands twice makes its scheme worth nothing. */
export function readAuthHeader(header: string): AuthScheme[] {
  if (header.length > HEADER_CHARACTERS_MAX) return [];
  const schemes: { scheme: string; token: string; parameters: Map<string, string>; isBad: boolean }[] = [];
  PIECE.lastIndex = 0;
  for (let found = PIECE.exec(header); found !== null; found = PIECE.exec(header)) {
    const [, name, quoted, plain, word] = found;
    const last = schemes.at(-1);
    if (word !== undefined) {
      // A word right behind a scheme is all that it says.
      if (
        last !== undefined &&
        last.token === "" &&
        last.parameters.size === 0 &&
        !header.slice(0, found.index + 1).endsWith(",")
      )
        last.token = word;
      else if (schemes.length === SCHEMES_MAX) break;
      else schemes.push({ scheme: word.toLowerCase(), token: "", parameters: new Map(), isBad: false });
      continue;
    }
    if (last === undefined || last.parameters.size === PARAMETERS_MAX) break;
    const key = name.toLowerCase();
    if (last.parameters.has(key)) last.isBad = true;
    last.parameters.set(key, plain ?? quoted.replaceAll(/\\(.)/g, "$1"));
  }
  return schemes.filter(({ isBad }) => !isBad).map(({ scheme, token, parameters }) => ({ scheme, token, parameters }));
}

export const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
