/** XML as a tree of elements with their namespaces: strict, and with a limit on everything, as anybody may have sent it. */
import { SaxesParser, type SaxesTagNS } from "saxes";

/** Of one message. */
export const CWMP_MESSAGE_BYTES_MAX = 1024 * 1024;
const DEPTH_MAX = 24;
const ELEMENTS_MAX = 16_384;
const ATTRIBUTES_MAX = 64;

export interface XmlElement {
  namespace: string;
  name: string;
  /** All that stands directly in it. */
  text: string;
  children: XmlElement[];
  attributes: XmlAttribute[];
}

export interface XmlAttribute {
  namespace: string;
  name: string;
  value: string;
  /** Where the value has the form of a qualified name: the namespace that its prefix stands for. */
  valueNamespace: string;
}

export type XmlReading = { ok: true; root: XmlElement } | { ok: false; problem: string };

class NotRead extends Error {}

function refuse(problem: string): never {
  throw new NotRead(problem);
}

/** UTF-8 alone, as CWMP asks for (TR-069, 3.4.1). Neither document types nor processing instructions, as SOAP has none (SOAP 1.1, 3). */
export function readXml(source: Uint8Array): XmlReading {
  if (source.length > CWMP_MESSAGE_BYTES_MAX)
    return { ok: false, problem: `longer than ${CWMP_MESSAGE_BYTES_MAX} bytes` };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(source);
  } catch {
    return { ok: false, problem: "not UTF-8" };
  }
  try {
    return { ok: true, root: parse(text) };
  } catch (error) {
    if (error instanceof NotRead) return { ok: false, problem: error.message };
    throw error;
  }
}

function parse(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  // What the parser says stands in one line: where, what.
  parser.on("error", ({ message }) => refuse(`not well-formed XML: ${message.split("\n", 1)[0]}`));
  parser.on("doctype", () => refuse("has a document type"));
  parser.on("processinginstruction", () => refuse("has a processing instruction"));
  parser.on("opentag", (tag) => {
    if (++elements > ELEMENTS_MAX) refuse(`more than ${ELEMENTS_MAX} elements`);
    if (open.length >= DEPTH_MAX) refuse(`elements in elements, deeper than ${DEPTH_MAX}`);
    const element = elementOf(tag, (prefix) => parser.resolve(prefix) ?? "");
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  const take = (piece: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on("text", take);
  parser.on("cdata", take);
  parser.write(text).close();
  return root ?? refuse("has no element");
}

function elementOf({ uri, local, attributes }: SaxesTagNS, resolve: (prefix: string) => string): XmlElement {
  const given = Object.values(attributes);
  if (given.length > ATTRIBUTES_MAX) refuse(`more than ${ATTRIBUTES_MAX} attributes`);
  return {
    namespace: uri,
    name: local,
    text: "",
    children: [],
    attributes: given.map((attribute) => {
      const [prefix, rest] = attribute.value.split(":", 2);
      return {
        namespace: attribute.uri,
        name: attribute.local,
        value: attribute.value,
        valueNamespace: rest === undefined ? resolve("") : resolve(prefix),
      };
    }),
  };
}
