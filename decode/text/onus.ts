/** Whose frame a line is about, in any of the forms in which programs name ONUs and PON ports. */

/** What names an ONU: a number on its port, or else a name, a serial number, an address. */
export interface OnuMark {
  onuId?: number | string;
  pon?: number | string;
  /** An identifier beside the number: two ONUs of one number on ports that are not named differ in it. */
  device?: string;
}

const WORD = String.raw`(?<![a-z])(?:[gex]\w*?[-_]?)?on[ut]`;
const KEY = String.raw`(?:[-_ ]?(?:id|no|num|number|idx|index|#))?`;
/** An object of its own: `"onu":{"id":9}`. */
const INNER = String.raw`(?:\{\s*["']?(?:id|no|num|number|idx|index)["']?\s*[:=]\s*)?`;
/** `onu_id=3`, `"onu-id":1`, `ONU[5]`, `OntId : 222`, `ONT#12`, `onu(3)`, `<onuId>5`. ONU2-G is an ME. */
const NUMBER = new RegExp(
  String.raw`${WORD}${KEY}(?:\(\w{1,12}\))?["'\])]?\s*(?:[:=#>[(_-]|value=)*\s*${INNER}["'[]?(?:0x([0-9a-f]{1,4})|(\d{1,5}))(?!\d|[./:@]\d|-?[a-z])`,
  "i",
);
/** `ont 1/1/4/2/105`, `gpon-onu_1/2/3:5`: the way to the port, then the ONU on it. */
const PATH = new RegExp(
  String.raw`${WORD}${KEY}["'\s:=#_@[(-]*((?:\d{1,4}/){1,6})(\d{1,5})(?:[:.](\d{1,5}))?(?![\d/])`,
  "i",
);
/** `GPON0/1:5`, `onu 5@1/2`. */
const PORT_PATH = /(?<![a-z])[gex]\w*pon[-_ ]?(?:olt[-_])?(\d{1,4}(?:\/\d{1,4})*):(\d{1,5})(?![\d:])/i;
const AT_PORT = new RegExp(String.raw`${WORD}[-_ ]?(\d{1,5})@(\d{1,4}(?:/\d{1,4})*)`, "i");
const NAME = new RegExp(String.raw`${WORD}(?:[-_ ]?(?:id|name))?["']?\s*[:=]\s*["']?([a-z][\w.-]*\d[\w.-]*)`, "i");
/** `gpon-olt_1/2/3`, `GPON0/3`. */
const PORT_NAME = /(?<![a-z])[gex]\w*pon[-_ ]?(?:olt[-_])?(\d{1,4}(?:\/\d{1,4})+)(?![\d/:])/i;
/** `PON[0]`, `intf-id":0`, `pon_if=3`, `F/S/P 0/1/0`. */
const PORT =
  /(?<![a-z])(?:pon|intf|f\/s\/p)[-_ ]?(?:id|no|num|number|port|if|ni|idx|index)?["'\])]?\s*(?:[:=#>[(]|value=)*\s*["'[]?(\d{1,10}(?:\/\d{1,4})*)(?![\d:.])/i;

const DEVICE = /(?<![a-z])device[-_ ]?id["']?\s*[:=]\s*["']?([\w:-]{6,64})/i;
const SERIAL =
  /(?<![a-z])(?:on[ut][-_ ]?)?(?:serial(?:[-_ ]?(?:number|num|no))?|sn)["']?(?:\s*(?:[:=>([]|value=)|\s)\s*["']?([a-z]{4}[-:]?[0-9a-f]{8}|[0-9a-f]{16})(?![\w])/i;
/** Bytes apart, or as switches write them: `94e9.8c00.0001`. */
const MAC =
  /(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])|(?<![\w.])(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?![\w.])/gi;
/** As protocol buffers have it: `vendor_id:"BBSM" vendor_specific:"00000001"`. */
const VENDOR_SERIAL =
  /vendor_?id["']?\s*[:=]\s*["']?([a-z]{4})["']?[,;\s]+["']?vendor_?specific["']?\s*[:=]\s*["']?([0-9a-f]{8})(?!\w)/i;
/** What has to be in a line for one or the other form. */
const ONU_HINT = /on[ut]/i;
const PORT_HINT = /pon|intf|f\/s\/p/i;
const DEVICE_HINT = /device|serial|sn|vendor/i;
const PORTS_MAX = 1024;

const numberOf = (text: string): number | string => (/^\d{1,9}$/.test(text) ? Number(text) : text);

/** @param line without the bytes of a frame and without its time */
export function onuIn(line: string): OnuMark {
  const device = DEVICE_HINT.test(line) ? deviceIn(line) : undefined;
  const beside = device === undefined ? {} : { device };
  const isPort = PORT_HINT.test(line);
  if (!ONU_HINT.test(line)) return isPort ? { ...beside, ...portOf(line) } : beside;
  const path = PATH.exec(line);
  if (path !== null) {
    const way = path[1].slice(0, -1);
    return path[3] === undefined
      ? { ...beside, onuId: Number(path[2]), pon: numberOf(way) }
      : { ...beside, onuId: Number(path[3]), pon: `${way}/${path[2]}` };
  }
  const atPort = AT_PORT.exec(line);
  if (atPort !== null) return { ...beside, onuId: Number(atPort[1]), pon: numberOf(atPort[2]) };
  const port = isPort ? portOf(line) : {};
  if (port.onuId !== undefined) return { ...beside, ...port };
  const number = NUMBER.exec(line);
  if (number !== null) {
    const onuId = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
    return { ...beside, ...port, onuId };
  }
  const name = NAME.exec(line)?.[1];
  if (name !== undefined) return { ...port, onuId: name };
  return { ...port, ...beside };
}

function deviceIn(line: string): string | undefined {
  const named = DEVICE.exec(line)?.[1] ?? SERIAL.exec(line)?.[1];
  if (named !== undefined) return named;
  const vendor = VENDOR_SERIAL.exec(line);
  return vendor === null ? undefined : vendor[1] + vendor[2];
}

function portOf(line: string): OnuMark {
  const portPath = PORT_PATH.exec(line);
  if (portPath !== null) return { onuId: Number(portPath[2]), pon: numberOf(portPath[1]) };
  const port = (PORT.exec(line) ?? PORT_NAME.exec(line))?.[1];
  return port === undefined ? {} : { pon: numberOf(port) };
}

/** The addresses in a line, in their order. */
export const macsIn = (line: string): string[] =>
  (line.match(MAC) ?? []).map((mac) => mac.toLowerCase().replaceAll(/[.:-]/g, "").match(/../g)!.join(":"));

/** Which identifier goes with which number: two devices of one number are two ONUs. */
export class OnuNames {
  readonly #deviceOf = new Map<string, string>();
  readonly #numberOf = new Map<string, { onuId: number | string; pon: number | string | undefined }>();

  /** @returns the number where there is one and it is this device's alone, else the identifier */
  settle({ onuId, pon, device }: OnuMark): Pick<OnuMark, "onuId" | "pon"> {
    const port = pon === undefined ? {} : { pon };
    if (device === undefined) return onuId === undefined ? port : { ...port, onuId };
    if (onuId === undefined) {
      const known = this.#numberOf.get(device);
      if (known === undefined) return { ...port, onuId: device };
      return { ...(known.pon !== undefined && { pon: known.pon }), ...port, onuId: known.onuId };
    }
    const key = `${pon ?? ""}/${onuId}`;
    const owner = this.#deviceOf.get(key);
    if (owner !== undefined && owner !== device) return { ...port, onuId: device };
    if (owner === undefined && this.#deviceOf.size < PORTS_MAX) {
      this.#deviceOf.set(key, device);
      this.#numberOf.set(device, { onuId, pon });
    }
    return { ...port, onuId };
  }
}
