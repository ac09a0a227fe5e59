/** A decoded message as a few words or as plain data, for lists and JSON. Judges nothing. */
import { hexOf } from "../base/text/index.ts";
import {
  contentsText,
  messageTypeName,
  namedAttributes,
  type NamedAttributes,
  type OtherMessage,
  RECOVERY,
  resultName,
  type InstanceResult,
  type Message,
  paritySections,
} from "../omci/index.ts";

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, "0")}`;

/** Instances that a message names beside its own, which some OLTs name once more. */
function list(instances: readonly number[], own: number): string {
  const others = instances.filter((instance) => instance !== own);
  return others.length === 0 ? "" : `, also ${others.map((instance) => hex(instance, 4)).join(" ")}`;
}

function results(result: number, each: readonly InstanceResult[]): string {
  const others = each.map((one) => `${hex(one.instanceId, 4)} ${resultName(one.result)}`);
  return [resultName(result), ...others].join(", ");
}

/** What a message says beside its header, in a few words. */
export function factsOf(message: Message | OtherMessage): string {
  switch (message.type) {
    case "getResponse":
    case "getCurrentDataResponse":
      return contentsText(message).replace(", ", ": ");
    case "startDownloadRequest":
      return `window ${message.windowSections}, ${message.imageBytes} bytes${list(message.instances, message.instanceId)}`;
    case "startDownloadResponse":
      return `${results(message.result, message.instanceResults)}, window ${message.windowSections}`;
    case "downloadSectionRequest": {
      const { sectionNumber, data, classId, instanceId } = message;
      if (classId !== RECOVERY) return `section ${sectionNumber}, ${data.length} bytes`;
      return `parity ${sectionNumber} of a window of ${paritySections(instanceId)}, ${data.length} bytes`;
    }
    case "downloadSectionResponse": {
      const { sectionNumber, result, missingSections } = message;
      const lacks = missingSections > 0 ? `, ${missingSections} missing` : "";
      return `section ${sectionNumber}: ${resultName(result)}${lacks}`;
    }
    case "endDownloadRequest":
      return `${message.imageBytes} bytes, CRC-32 ${hex(message.crc32, 8)}${list(message.instances, message.instanceId)}`;
    case "endDownloadResponse":
      return results(message.result, message.instanceResults);
    case "rebootRequest":
    case "activateImageRequest":
      return message.flags === 0 ? "" : `flags ${message.flags}`;
    case "other":
      return `${message.contents.length} bytes`;
    default:
      return contentsText(message);
  }
}

const plainAttributes = ({ attributes }: NamedAttributes): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, value instanceof Uint8Array ? hexOf(value) : value]),
  );

/** The message as plain data: section data only by its length, other bytes as digits; attributes by name. */
export function plainOf(message: Message | OtherMessage): Record<string, unknown> {
  const entries = Object.entries(message).map(([name, value]): [string, unknown] => {
    if (!(value instanceof Uint8Array)) return [name, value];
    return name === "data" ? ["dataBytes", value.length] : [name, hexOf(value)];
  });
  const plain = Object.fromEntries(entries);
  if (message.type === "other") return { ...plain, messageTypeName: messageTypeName(message.messageType) };
  const entities = namedAttributes(message).map((entity) => ({ ...entity, attributes: plainAttributes(entity) }));
  return entities.length === 0 ? plain : { ...plain, entities };
}
