/** Walks through DER, one field after the other, and takes no other shape than the one that is asked for. */
import {
  type BaseBlock,
  BitString,
  Constructed,
  fromBER,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
  UTCTime,
} from "asn1js";

const CONTEXT_SPECIFIC = 3;
const MS_PER_SECOND = 1000;
/** Times of certificates and of OCSP are UTC (RFC 5280, 4.1.2.5; RFC 6960, 4.2.2.1). */
const ZULU = 0x5a;
/** Certificates and staples have some dozens of either; asn1js takes a hundred times as many. */
const LIMITS = { maxDepth: 32, maxNodes: 2000 };

/** What is read is of another form. */
export class DerError extends Error {
  override readonly name = "DerError";
}

/** @throws DerError when it is no DER, or when something follows */
export function readDer(der: Uint8Array): BaseBlock {
  const { offset, result } = fromBER(der, { ...LIMITS, parseEmbedded: false });
  if (offset !== der.length) throw new DerError(offset < 0 ? result.error : "something follows its end");
  return result;
}

/** The fields of a SEQUENCE, taken in order. */
export class Fields {
  readonly #fields: readonly BaseBlock[];
  #next = 0;

  constructor(parent: BaseBlock) {
    this.#fields = childrenOf(parent);
  }

  take(): BaseBlock {
    const field = this.#fields[this.#next++];
    if (field === undefined) throw new DerError("a field is missing");
    return field;
  }

  /** The next one where it is tagged [tag], else nothing is taken. */
  tagged(tag: number): BaseBlock | undefined {
    const field = this.#fields[this.#next];
    if (field === undefined || tagOf(field) !== tag) return undefined;
    this.#next++;
    return field;
  }
}

/** Of a SEQUENCE or an explicit tag. */
export function childrenOf(parent: BaseBlock): readonly BaseBlock[] {
  const isList = parent instanceof Constructed && (parent instanceof Sequence || tagOf(parent) !== undefined);
  if (!isList) throw new DerError("a field has no fields of its own");
  return parent.valueBlock.value;
}

/** What is within an explicit tag. */
export function within(parent: BaseBlock): BaseBlock {
  const children = childrenOf(parent);
  if (children.length !== 1) throw new DerError("an explicit tag holds another number of fields than one");
  return children[0];
}

/** The n of a context-specific tag [n]. */
export const tagOf = ({ idBlock }: BaseBlock): number | undefined =>
  idBlock.tagClass === CONTEXT_SPECIFIC ? idBlock.tagNumber : undefined;

/** A field with its tag and length, as it came. */
export const encodedOf = (field: BaseBlock): Uint8Array => field.valueBeforeDecodeView;

export function oidOf(field: BaseBlock): string {
  if (!(field instanceof ObjectIdentifier)) throw new DerError("an object identifier is missing");
  return field.valueBlock.toString();
}

/** Of INTEGER and ENUMERATED. */
export function numberBytesOf(field: BaseBlock): Uint8Array {
  if (!(field instanceof Integer)) throw new DerError("a number is missing");
  return field.valueBlock.valueHexView;
}

/** Of OCTET STRING, and of BIT STRING with whole bytes. */
export function bytesOf(field: BaseBlock): Uint8Array {
  if (field instanceof OctetString && !field.idBlock.isConstructed) return field.valueBlock.valueHexView;
  if (field instanceof BitString && field.valueBlock.unusedBits === 0) return field.valueBlock.valueHexView;
  throw new DerError("a string of bytes is missing");
}

/** Seconds since 1970 of UTCTime and GeneralizedTime. */
export function secondsOf(field: BaseBlock): number {
  if (!(field instanceof UTCTime) || encodedOf(field).at(-1) !== ZULU) throw new DerError("a time is missing");
  const seconds = field.toDate().getTime() / MS_PER_SECOND;
  if (!Number.isFinite(seconds)) throw new DerError("a time is none");
  return seconds;
}

/** A serial number as openssl prints it: hexadecimal digits, an even number of them, no leading zero byte. */
export const serialText = (number: Uint8Array): string =>
  Buffer.from(number)
    .toString("hex")
    .toUpperCase()
    .replace(/^(?:00)+(?=..)/, "");

export interface CertificateExtension {
  oid: string;
  isCritical: boolean;
  value: Uint8Array;
}

/** Extensions ::= SEQUENCE OF { extnID, critical DEFAULT FALSE, extnValue } (RFC 5280, 4.1). */
export const extensionsOf = (field: BaseBlock): CertificateExtension[] =>
  childrenOf(field).map((extension) => {
    const fields = childrenOf(extension);
    if (fields.length < 2 || fields.length > 3) throw new DerError("an extension is none");
    const critical = fields.length === 3 ? encodedOf(fields[1]).at(-1) : 0;
    return { oid: oidOf(fields[0]), isCritical: critical !== 0, value: bytesOf(fields[fields.length - 1]) };
  });
