/**
 * The quick way for what nearly every message is: elements, attributes and text of ASCII, without entities, comments and default
 * namespaces, all prefixes declared. For anything else, however small the doubt, there is the strict reader (`element.ts`).
 */
import { ATTRIBUTES_MAX, DEPTH_MAX, ELEMENTS_MAX, type XmlAttribute, type XmlElement } from "./tree.ts";

const NAME = String.raw`[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?`;
/** Neither &, < and > nor what is no ASCII; of values also no quotation mark, and no white space but blanks. */
const TEXT = String.raw`[\t\n -%'-;=?-~]*`;
const VALUE = String.raw`[ -!#-%'-;=?-~]*`;
const START = /^(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"\?>)?[ \n\t]*(?=<[A-Za-z_])/;
/** A tag, and the text behind it. */
const TAG = new RegExp(String.raw`<(/?)(${NAME})((?:[ \n\t]+${NAME}="${VALUE}")*) ?(/?)>(${TEXT})`, "y");
const ATTRIBUTE = new RegExp(String.raw`[ \n\t]+(${NAME})="(${VALUE})"`, "y");
const BLANK = /^[ \n\t]*$/;
/** What XML has names of its own for. */
const RESERVED = /^xml/i;
const XMLNS = "xmlns:";
const XMLNS_URI = "http://www.w3.org/2000/xmlns/";
const NAMESPACE = /^[^ ]+$/;
const RESERVED_NAMESPACE = /XML\/1998|2000\/xmlns/;

type Namespaces = ReadonlyMap<string, string>;

const NONE: readonly string[] = [];
const NO_NAMESPACES: Namespaces = new Map();

interface Open {
  name: string;
  element: XmlElement;
  namespaces: Namespaces;
}

/** @returns undefined: it is not that plain, or not well-formed */
export function readPlainXml(text: string): XmlElement | undefined {
  const start = START.exec(text);
  if (start === null) return undefined;
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  TAG.lastIndex = start[0].length;
  while (TAG.lastIndex < text.length) {
    const found = TAG.exec(text);
    if (found === null) return undefined;
    const [, end, name, given, empty, behind] = found;
    const above = open.at(-1);
    if (end === "") {
      const attributes = attributesIn(given);
      const namespaces = attributes && namespacesIn(attributes, above?.namespaces ?? NO_NAMESPACES);
      const element = namespaces && elementOf(name, attributes, namespaces);
      const isTooMuch = ++elements > ELEMENTS_MAX || open.length >= DEPTH_MAX;
      if (element === undefined || isTooMuch || (above === undefined && root !== undefined)) return undefined;
      above?.element.children.push(element);
      root ??= element;
      if (empty === "") open.push({ name, element, namespaces: namespaces! });
    } else {
      if (above?.name !== name || given !== "" || empty !== "") return undefined;
      open.pop();
    }
    const inside = open.at(-1);
    if (inside !== undefined) inside.element.text += behind;
    else if (!BLANK.test(behind)) return undefined;
  }
  return open.length === 0 ? root : undefined;
}

/** Names and values, one after the other. @returns undefined: there are too many */
function attributesIn(text: string): readonly string[] | undefined {
  if (text === "") return NONE;
  const all: string[] = [];
  for (ATTRIBUTE.lastIndex = 0; ATTRIBUTE.lastIndex < text.length;) {
    const found = ATTRIBUTE.exec(text);
    if (found === null || all.length === 2 * ATTRIBUTES_MAX) return undefined;
    all.push(found[1], found[2]);
  }
  return all;
}

function namespacesIn(attributes: readonly string[], above: Namespaces): Namespaces | undefined {
  let all: Map<string, string> | undefined;
  for (let at = 0; at < attributes.length; at += 2) {
    if (!attributes[at].startsWith(XMLNS)) continue;
    const [prefix, value] = [attributes[at].slice(XMLNS.length), attributes[at + 1]];
    if (RESERVED.test(prefix) || !NAMESPACE.test(value) || RESERVED_NAMESPACE.test(value)) return undefined;
    all ??= new Map(above);
    all.set(prefix, value);
  }
  return all ?? above;
}

function elementOf(name: string, attributes: readonly string[], namespaces: Namespaces): XmlElement | undefined {
  const named = nameIn(name, namespaces);
  if (named === undefined) return undefined;
  // Field by field: copies of objects took most of the time here.
  const element: XmlElement = {
    namespace: named.namespace,
    name: named.name,
    text: "",
    children: [],
    attributes: [],
  };
  for (let at = 0; at < attributes.length; at += 2) {
    const [qualified, value] = [attributes[at], attributes[at + 1]];
    const its = qualified.startsWith(XMLNS)
      ? { namespace: XMLNS_URI, name: qualified.slice(XMLNS.length) }
      : nameIn(qualified, namespaces);
    if (its === undefined || element.attributes.some((other) => isSame(other, its))) return undefined;
    const colon = value.indexOf(":");
    const prefix = colon < 0 ? "" : value.slice(0, colon);
    if (RESERVED.test(prefix)) return undefined;
    const valueNamespace = namespaces.get(prefix) ?? "";
    element.attributes.push({ namespace: its.namespace, name: its.name, value, valueNamespace });
  }
  return element;
}

/** @returns undefined for a prefix that nobody declared */
function nameIn(qualified: string, namespaces: Namespaces): Pick<XmlElement, "namespace" | "name"> | undefined {
  if (RESERVED.test(qualified)) return undefined;
  const colon = qualified.indexOf(":");
  if (colon < 0) return { namespace: "", name: qualified };
  const namespace = namespaces.get(qualified.slice(0, colon));
  return namespace === undefined ? undefined : { namespace, name: qualified.slice(colon + 1) };
}

const isSame = (
  { namespace, name }: Pick<XmlAttribute, "namespace" | "name">,
  other: Pick<XmlAttribute, "namespace" | "name">,
): boolean => namespace === other.namespace && name === other.name;
