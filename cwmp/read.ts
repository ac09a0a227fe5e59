/** Reads an envelope: by namespaces, whatever their prefixes are. It takes any bytes and never throws. */
import { readXml, type XmlElement } from "./element.ts";
import { text, unsignedInt } from "./field.ts";
import { CWMP_PREFIX, SOAP_ENVELOPE, versionOf } from "./namespaces.ts";
import { CWMP_RPCS, type CwmpRpc } from "./table.ts";
import type { CwmpEnvelope, CwmpFault, CwmpMessage, CwmpReadFault, CwmpReading, CwmpVersion } from "./types.ts";
import { BadArgument, readFields } from "./values.ts";

const ID_CHARACTERS_MAX = 256;
const VERSIONS_CHARACTERS_MAX = 128;
const PARAMETER_FAULTS_MAX = 1_024;
const RESPONSE = "Response";

const FAULT_FIELDS = { faultCode: unsignedInt("FaultCode"), faultString: text("FaultString", 256) };
const PARAMETER_FAULT_FIELDS = { parameterName: text("ParameterName", 256), ...FAULT_FIELDS };

/** Of the header; NoMoreRequests is from 1.0, and means nothing any more (TR-069, 3.4.5). */
const HEADERS: ReadonlySet<string> = new Set([
  "ID",
  "HoldRequests",
  "NoMoreRequests",
  "SessionTimeout",
  "SupportedCWMPVersions",
  "UseCWMPVersion",
]);

type Header = Omit<CwmpEnvelope, "version" | "message">;

/** The reading ends here. */
class Unreadable extends Error {
  readonly kind: CwmpReadFault["kind"];

  constructor(kind: CwmpReadFault["kind"], problem: string) {
    super(problem);
    this.kind = kind;
  }
}

/** @param source body of an HTTP request or response that is not empty */
export function readCwmp(source: Uint8Array): CwmpReading {
  const xml = readXml(source);
  if (!xml.ok) return { ok: false, fault: { kind: "xml", problem: xml.problem, id: "" } };
  /** As far as it got. */
  const known: Pick<CwmpReadFault, "id" | "version" | "method"> = { id: "" };
  try {
    const { header, body } = partsOf(xml.root);
    known.id = idOf(header);
    const version = versionOfBody(body);
    known.version = version;
    if (body.namespace !== SOAP_ENVELOPE) known.method = body.name;
    const head = readHeader(header, known.id);
    return { ok: true, envelope: { version, ...head, message: readMessage(body) } };
  } catch (error) {
    const problem = (error as Error).message;
    if (error instanceof Unreadable) return { ok: false, fault: { kind: error.kind, problem, ...known } };
    if (error instanceof BadArgument) return { ok: false, fault: { kind: "arguments", problem, ...known } };
    throw error;
  }
}

const isSoap = ({ namespace, name }: XmlElement, wanted: string): boolean =>
  namespace === SOAP_ENVELOPE && name === wanted;

/** One message in an envelope (MaxEnvelopes is 1). */
function partsOf(root: XmlElement): { header: XmlElement | undefined; body: XmlElement } {
  if (!isSoap(root, "Envelope")) throw new Unreadable("soap", `${root.name} is no envelope of SOAP 1.1`);
  const header = root.children.find((child) => isSoap(child, "Header"));
  const body = root.children.find((child) => isSoap(child, "Body"));
  if (body === undefined) throw new Unreadable("soap", "the envelope has no body");
  const [message, ...others] = body.children;
  if (message === undefined || others.length > 0)
    throw new Unreadable("soap", `${body.children.length} messages in the body; 1 is allowed`);
  return { header, body: message };
}

function versionOfBody(body: XmlElement): CwmpVersion {
  const isFault = isSoap(body, "Fault");
  const namespace = isFault ? cwmpFaultOf(body).namespace : body.namespace;
  const version = versionOf(namespace);
  if (version !== undefined) return version;
  if (namespace.startsWith(CWMP_PREFIX)) throw new Unreadable("version", `${namespace} is no version that is known`);
  throw new Unreadable("soap", `${body.name} is no message of CWMP`);
}

const isCwmp = ({ namespace }: XmlElement): boolean => namespace.startsWith(CWMP_PREFIX);

const headerOf = (header: XmlElement | undefined, name: string): XmlElement | undefined =>
  header?.children.find((element) => isCwmp(element) && element.name === name);

function idOf(header: XmlElement | undefined): string {
  const id = headerOf(header, "ID")?.text ?? "";
  if (id.length > ID_CHARACTERS_MAX) throw new Unreadable("soap", `an ID has at most ${ID_CHARACTERS_MAX} characters`);
  return id;
}

function readHeader(header: XmlElement | undefined, id: string): Header {
  for (const element of header?.children ?? []) {
    const isKnown = isCwmp(element) && HEADERS.has(element.name);
    if (!isKnown && mustUnderstand(element))
      throw new Unreadable("soap", `${element.name} in the header must be understood, and is not known`);
  }
  const hold = headerOf(header, "HoldRequests");
  const timeout = headerOf(header, "SessionTimeout");
  const supported = headerOf(header, "SupportedCWMPVersions");
  const use = headerOf(header, "UseCWMPVersion");
  return {
    id,
    ...(hold && { holdRequests: ["1", "true"].includes(hold.text.trim()) }),
    ...(timeout && { sessionTimeoutSeconds: secondsOf(timeout) }),
    ...(supported && {
      supportedVersions: shortText(supported)
        .split(",")
        .map((each) => each.trim()),
    }),
    ...(use && { useVersion: shortText(use).trim() }),
  };
}

const mustUnderstand = ({ attributes }: XmlElement): boolean =>
  attributes.some(
    ({ namespace, name, value }) => namespace === SOAP_ENVELOPE && name === "mustUnderstand" && value === "1",
  );

function secondsOf({ name, text }: XmlElement): number {
  if (!/^\d{1,9}$/.test(text.trim())) throw new Unreadable("soap", `${name} in the header is no number of seconds`);
  return Number(text.trim());
}

function shortText({ name, text }: XmlElement): string {
  if (text.length > VERSIONS_CHARACTERS_MAX) throw new Unreadable("soap", `${name} in the header is too long`);
  return text;
}

function readMessage(body: XmlElement): CwmpMessage {
  if (isSoap(body, "Fault")) return readFault(body);
  const { name } = body;
  const isResponse = name.endsWith(RESPONSE);
  const rpc = isResponse ? name.slice(0, -RESPONSE.length) : name;
  if (!Object.hasOwn(CWMP_RPCS, rpc)) throw new Unreadable("method", `${name} is no method that is known`);
  const { request, response } = CWMP_RPCS[rpc as CwmpRpc];
  // The values are those of the table, which the types are made of.
  return { method: name, ...readFields(body, isResponse ? response : request, body.namespace) } as CwmpMessage;
}

const childOf = ({ children }: XmlElement, name: string): XmlElement | undefined =>
  children.find((child) => child.name === name);

/** CWMP's own in the detail of SOAP's. */
function cwmpFaultOf(body: XmlElement): XmlElement {
  const fault = childOf(body, "detail")?.children.find((child) => isCwmp(child) && child.name === "Fault");
  if (fault === undefined) throw new Unreadable("soap", "a fault of SOAP that says nothing of CWMP");
  return fault;
}

function readFault(body: XmlElement): CwmpFault {
  const fault = cwmpFaultOf(body);
  const faults = fault.children.filter(({ name }) => name === "SetParameterValuesFault");
  if (faults.length > PARAMETER_FAULTS_MAX) throw new BadArgument(`more than ${PARAMETER_FAULTS_MAX} faults`);
  // They are elements side by side, not a list: for the rest of the fault they are left out.
  const rest = { ...fault, children: fault.children.filter((child) => !faults.includes(child)) };
  // A qualified name, which may say more behind a dot (SOAP 1.1, 4.4.1).
  const code = /^(?:[^:]*:)?(Client|Server)\b/.exec(childOf(body, "faultcode")?.text.trim() ?? "")?.[1];
  return {
    method: "Fault",
    soapFaultCode: code === "Client" ? "Client" : "Server",
    ...readFields(rest, FAULT_FIELDS, fault.namespace),
    parameterFaults: faults.map((each) => readFields(each, PARAMETER_FAULT_FIELDS, fault.namespace)),
  };
}
