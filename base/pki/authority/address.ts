/** IP addresses as the bytes of a certificate (RFC 5280, 4.2.1.6). */

const GROUPS = 8;
const OCTETS = 4;

/** 4 or 16 bytes; nothing when the text is no address. */
export function addressBytes(text: string): Uint8Array | undefined {
  return text.includes(":") ? sixBytes(text) : fourBytes(text);
}

function fourBytes(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  const isOctet = (part: string): boolean => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  return parts.length === OCTETS && parts.every(isOctet) ? Uint8Array.from(parts, Number) : undefined;
}

/** Without an IPv4 address at its end (RFC 4291, 2.2). */
function sixBytes(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = GROUPS - head!.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head!, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  );
}
