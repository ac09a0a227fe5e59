/** Whether frames go down as hexadecimal text or as bytes, in which servers differ: found by a Get, asked in one form, then in the other. */
import { encodeMessage, MT, ONU_DATA, PDU_BYTES_MAX, maskOf, AK } from "../../../omci/index.ts";

export type PayloadForm = "hex" | "raw";

/** How long an answer is waited for in each form: what VOLTHA has for one message. */
const PROBE_MS = 3000;
/** Far from where an OLT begins to count; one for each form, as an answer may be late. */
const PROBE_TCIS: Readonly<Record<PayloadForm, number>> = { hex: 0x7ffe, raw: 0x7ffd };
const HEX_TEXT = /^(?:[0-9a-f]{2})+$/i;

export const payloadOf = (form: PayloadForm, pdu: Uint8Array): Buffer =>
  form === "raw" ? Buffer.from(pdu) : Buffer.from(Buffer.from(pdu).toString("hex"), "latin1");

/** A frame as it came up, in either form: byte 3, the device identifier, is no digit. */
export function frameOf(pkt: Uint8Array): Uint8Array {
  const text = Buffer.from(pkt).toString("latin1");
  return HEX_TEXT.test(text) ? Uint8Array.from(Buffer.from(text, "hex")) : pkt;
}

function probeFrame(form: PayloadForm): Uint8Array {
  const bytes = new Uint8Array(PDU_BYTES_MAX);
  const header = { tci: PROBE_TCIS[form], messageSet: "baseline", classId: ONU_DATA, instanceId: 0 } as const;
  const attributeMask = maskOf(ONU_DATA, "mibDataSync");
  return bytes.slice(0, encodeMessage({ type: "getRequest", attributeMask, ...header }, bytes));
}

/** Finds the form with the first ONU that is up; those that come up meanwhile wait for it. */
export class PayloadProbe {
  #form: PayloadForm | undefined;
  #tried: PayloadForm = "hex";
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting = new Map<string, () => void>();
  readonly #send: (key: string, pkt: Buffer, onRefused: () => void) => void;

  /** @param send hands a frame to an ONU; `onRefused` when the server does not take it */
  constructor(send: (key: string, pkt: Buffer, onRefused: () => void) => void) {
    this.#send = send;
  }

  /** Hexadecimal text until it is known: most servers have that. */
  get form(): PayloadForm {
    return this.#form ?? "hex";
  }

  /** An ONU is up. @param then what waits for the form */
  up(key: string, then: () => void): void {
    if (this.#form !== undefined) return then();
    if (this.#waiting.set(key, then).size === 1) this.#try("hex", key);
  }

  /** It went down before it was known. */
  down(key: string): void {
    this.#waiting.delete(key);
  }

  /** @returns whether a frame that came up is an answer to the probe, and goes no further */
  takes(pdu: Uint8Array): boolean {
    const tci = (pdu[0] << 8) | pdu[1];
    const form = (["hex", "raw"] as const).find((each) => PROBE_TCIS[each] === tci);
    if (form === undefined || pdu[2] !== (AK | MT.get) || ((pdu[4] << 8) | pdu[5]) !== ONU_DATA) return false;
    if (this.#form === undefined) this.#settle(form);
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #try(form: PayloadForm, key: string): void {
    this.#tried = form;
    const next = (): void => {
      if (this.#form !== undefined || this.#tried !== form) return;
      clearTimeout(this.#timer);
      if (form === "hex") this.#try("raw", key);
      else this.#settle("hex");
    };
    this.#timer = setTimeout(next, PROBE_MS);
    this.#send(key, payloadOf(form, probeFrame(form)), next);
  }

  #settle(form: PayloadForm): void {
    clearTimeout(this.#timer);
    this.#form = form;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const then of waiting) then();
  }
}
