/** Whose a frame is, by the two addresses of the packet that it came in: the ONU's is the one that is not the OLT's. */

/** Addresses that are kept; more are a scan, or noise. */
const ADDRESSES_MAX = 4096;

/** What text2pcap recipes write in front of frames, and what the loopback has: the same both ways. */
const MEANINGLESS: ReadonlySet<string> = new Set(["20:52:45:43:56:00", "20:53:45:4e:44:00", "00:00:00:00:00:00"]);

const isGroupMac = (address: string): boolean => /^[0-9a-f][13579bdf]:/.test(address) && address.length === 17;

/**
 * Learns which addresses are OLTs' and which are ONUs'. An address that is both (a recipe that writes the same two in front of
 * every frame) tells nothing, and neither does a request to all.
 */
export class AddressBook {
  readonly #sides = new Map<string, "olt" | "onu">();
  #isUseless = false;
  readonly #directions = new Set<string>();

  get isUseless(): boolean {
    return this.#isUseless;
  }

  /** Both directions were seen, or the addresses tell nothing: what it says will not be taken back. */
  get isSettled(): boolean {
    return this.#isUseless || this.#directions.size === 2;
  }

  /** @returns the ONU's address as its name; undefined where it cannot be told */
  onuOf(direction: "down" | "up", source: string, destination: string): string | undefined {
    if (this.#isUseless) return undefined;
    this.#directions.add(direction);
    const [olt, onu] = direction === "down" ? [source, destination] : [destination, source];
    if (olt === onu || MEANINGLESS.has(onu) || isGroupMac(onu)) {
      this.#isUseless = true;
      return undefined;
    }
    if (this.#learn(olt, "olt") && this.#learn(onu, "onu")) return onu;
    this.#isUseless = true;
    return undefined;
  }

  /** @returns false when it is the other side's */
  #learn(address: string, side: "olt" | "onu"): boolean {
    const known = this.#sides.get(address);
    if (known !== undefined) return known === side;
    if (isGroupMac(address)) return true;
    if (this.#sides.size < ADDRESSES_MAX) this.#sides.set(address, side);
    return true;
  }
}

const HEX2 = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Texts of addresses that were seen: a capture has few, each of them in many frames. */
const MAC_TEXTS = new Map<number, string>();

export function macText(bytes: Uint8Array, at: number): string {
  const address =
    ((bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]) * 0x100_0000 +
    ((bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5]);
  let text = MAC_TEXTS.get(address);
  if (text !== undefined) return text;
  text = newMacText(bytes, at);
  if (MAC_TEXTS.size >= ADDRESSES_MAX) MAC_TEXTS.clear();
  MAC_TEXTS.set(address, text);
  return text;
}

const newMacText = (bytes: Uint8Array, at: number): string =>
  `${HEX2[bytes[at]]}:${HEX2[bytes[at + 1]]}:${HEX2[bytes[at + 2]]}:${HEX2[bytes[at + 3]]}:${HEX2[bytes[at + 4]]}:${HEX2[bytes[at + 5]]}`;

export const ipv4Text = (bytes: Uint8Array, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;

export const ipv6Text = (bytes: Uint8Array, at: number): string =>
  Array.from({ length: 8 }, (_, part) => ((bytes[at + 2 * part] << 8) | bytes[at + 2 * part + 1]).toString(16)).join(
    ":",
  );
