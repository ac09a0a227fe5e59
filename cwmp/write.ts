/** Writes an envelope as the table has it. */
import { type CwmpField, type CwmpFields, type CwmpTime, type CwmpValue, type ListField } from "./field.ts";
import { namespaceOf, SOAP_ENCODING, SOAP_ENVELOPE, XML_SCHEMA, XML_SCHEMA_INSTANCE } from "./namespaces.ts";
import { CWMP_RPCS, type CwmpRpc } from "./table.ts";
import { cwmpTime } from "./time.ts";
import type { CwmpEnvelope, CwmpFault, CwmpMessage } from "./types.ts";
import { type FieldValue, INT_MAX, INT_MIN, UNSIGNED_INT_MAX } from "./values.ts";

/** Of every request and response that has a body (TR-069, 3.4.1). */
export const CWMP_CONTENT_TYPE = 'text/xml; charset="utf-8"';
/** XML 1.0 has no way to say these. */
const NO_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const REPLACEMENT = "\uFFFD";
/** A carriage return that stands as it is would be read as the end of a line (XML 1.0, 2.11). */
const SPECIAL = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ["\r", "&#13;"],
]);

const escape = (text: string): string =>
  text.replaceAll(NO_CHARACTER, REPLACEMENT).replaceAll(/[&<>\r]/g, (character) => SPECIAL.get(character)!);

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** @throws RangeError for a value that its field cannot hold: a mistake of ours, since what is not ours was checked when it was read */
export function writeCwmp({ version, message, ...header }: CwmpEnvelope): string {
  const namespaces = {
    "soap-env": SOAP_ENVELOPE,
    "soap-enc": SOAP_ENCODING,
    xsd: XML_SCHEMA,
    xsi: XML_SCHEMA_INSTANCE,
    cwmp: namespaceOf(version),
  };
  const declared = Object.entries(namespaces).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`);
  const head = writeHeader(header);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<soap-env:Envelope${declared.join("")}>`,
    head === "" ? "" : element("soap-env:Header", head),
    element("soap-env:Body", writeMessage(message)),
    "</soap-env:Envelope>\n",
  ].join("");
}

function writeHeader(header: Omit<CwmpEnvelope, "version" | "message">): string {
  const { id, holdRequests, sessionTimeoutSeconds, supportedVersions, useVersion } = header;
  const must = (name: string, text: string): string =>
    `<cwmp:${name} soap-env:mustUnderstand="1">${escape(text)}</cwmp:${name}>`;
  // What an older version does not know it need not understand.
  const may = (name: string, text: string): string =>
    `<cwmp:${name} soap-env:mustUnderstand="0">${escape(text)}</cwmp:${name}>`;
  return [
    id === "" ? "" : must("ID", id),
    holdRequests === undefined ? "" : must("HoldRequests", holdRequests ? "1" : "0"),
    sessionTimeoutSeconds === undefined ? "" : may("SessionTimeout", `${sessionTimeoutSeconds}`),
    supportedVersions === undefined ? "" : may("SupportedCWMPVersions", supportedVersions.join(",")),
    useVersion === undefined ? "" : may("UseCWMPVersion", useVersion),
  ].join("");
}

function writeMessage(message: CwmpMessage): string {
  if (message.method === "Fault") return writeFault(message);
  const { method, ...values } = message;
  const isResponse = method.endsWith("Response");
  const { request, response } = CWMP_RPCS[(isResponse ? method.slice(0, -"Response".length) : method) as CwmpRpc];
  return element(`cwmp:${method}`, writeFields(values, isResponse ? response : request));
}

function writeFault({ soapFaultCode, faultCode, faultString, parameterFaults }: CwmpFault): string {
  const codes = (code: number, line: string): string =>
    element("FaultCode", `${code}`) + element("FaultString", escape(line));
  const ofParameters = parameterFaults.map(({ parameterName, ...fault }) =>
    element(
      "SetParameterValuesFault",
      element("ParameterName", escape(parameterName)) + codes(fault.faultCode, fault.faultString),
    ),
  );
  return element(
    "soap-env:Fault",
    [
      element("faultcode", `soap-env:${soapFaultCode}`),
      element("faultstring", "CWMP fault"),
      element("detail", element("cwmp:Fault", codes(faultCode, faultString) + ofParameters.join(""))),
    ].join(""),
  );
}

function writeFields(values: object, fields: CwmpFields): string {
  const given = values as Readonly<Record<string, FieldValue>>;
  return Object.entries(fields)
    .map(([property, field]) => writeField(given[property], field))
    .join("");
}

function writeField(value: FieldValue, field: CwmpField): string {
  const { name } = field;
  switch (field.kind) {
    case "struct":
      return element(name, writeFields(value as object, field.fields));
    case "list":
      return writeList(value as readonly FieldValue[], field);
    case "any": {
      const { type, text } = value as CwmpValue;
      return `<${name} xsi:type="xsd:${type}">${escape(text)}</${name}>`;
    }
    case "text":
      return element(name, writeText(name, value as string, field.charactersMax));
    case "unsignedInt":
      return element(name, writeNumber(name, value as number, 0, UNSIGNED_INT_MAX));
    case "int":
      return element(name, writeNumber(name, value as number, INT_MIN, INT_MAX));
    case "boolean":
      return element(name, value === true ? "1" : "0");
    case "dateTime":
      return element(name, cwmpTime(value as CwmpTime));
  }
}

function writeText(name: string, text: string, charactersMax: number): string {
  if (text.length > charactersMax) throw new RangeError(`${name} has at most ${charactersMax} characters`);
  return escape(text);
}

function writeNumber(name: string, value: number, minimum: number, maximum: number): string {
  if (!Number.isInteger(value) || value < minimum || value > maximum) throw new RangeError(`${value} is no ${name}`);
  return `${value}`;
}

function writeList(values: readonly FieldValue[], { name, itemType, itemName, item, itemsMax }: ListField): string {
  if (values.length > itemsMax) throw new RangeError(`${name} has at most ${itemsMax} elements`);
  const prefix = item.kind === "struct" ? "cwmp" : "xsd";
  const items = values.map((value) =>
    element(
      itemName,
      item.kind === "struct"
        ? writeFields(value as object, item.fields)
        : writeText(itemName, value as string, item.charactersMax),
    ),
  );
  return `<${name} soap-enc:arrayType="${prefix}:${itemType}[${values.length}]">${items.join("")}</${name}>`;
}
