/** Decides which deltas are worth their place on the fibre. Pure. */
import type { OntKind, PayloadFacts, PayloadPlan, PlannedPayload } from "./types.ts";

export interface PlanInput {
  /** One for each hardware, or one for all. */
  images: readonly PayloadFacts[];
  deltas: readonly PayloadFacts[];
  onts: readonly OntKind[];
  mode: "multicast" | "unicast";
  /** Ports, each of which is sent everything. */
  ports: number;
  /** `always`: every delta that some ONT can use; `never`: none. */
  policy: "cheapest" | "always" | "never";
}

const isFor = ({ hardware }: PayloadFacts, ont: Pick<OntKind, "hardware">): boolean =>
  hardware.length === 0 || hardware.includes(ont.hardware);

/**
 * The payloads of a run. In multicast a payload costs its bytes once for each port, however many take it: as soon as one ONT
 * needs the image, the others may as well take it, and deltas beside it cost more than they save. In unicast each ONT's
 * delta stands for its own image.
 */
export function planPayloads(input: PlanInput): PayloadPlan {
  const notes: string[] = [];
  const payloads = input.images.flatMap((image) => plannedFor(image, input, notes));
  return {
    imageBytes: input.images[0].bytes,
    payloads,
    bytes: costOf(payloads, input),
    wholeBytes: costOf(
      input.images.map((image) =>
        withOnts(
          image,
          input.onts.filter((ont) => isFor(image, ont)),
          image,
        ),
      ),
      input,
    ),
    notes,
  };
}

/** What those get for whom this image is. */
function plannedFor(image: PayloadFacts, input: PlanInput, notes: string[]): PlannedPayload[] {
  const onts = input.onts.filter((ont) => isFor(image, ont));
  const usable = (input.policy === "never" ? [] : input.deltas)
    .map((delta) => ({ delta, takers: onts.filter((ont) => takes(ont, delta)) }))
    .filter(({ takers }) => takers.length > 0);
  const chosen = usable.filter(({ delta }) => isSmaller(delta, image, input, notes));
  const rest = onts.filter((ont) => !chosen.some(({ delta }) => takes(ont, delta)));
  const parts = chosen.map(({ delta, takers }) => withOnts(delta, takers, image));
  const all = [...(rest.length > 0 ? [withOnts(image, rest, image)] : []), ...parts];
  if (input.policy === "always" || input.mode === "unicast" || chosen.length === 0) return all;
  const whole = [withOnts(image, onts, image)];
  const [asDeltas, asWhole] = [costOf(all, input), costOf(whole, input)];
  if (asDeltas < asWhole) return all;
  const why =
    rest.length > 0
      ? `${countOf(rest)} of the ONTs need ${image.name} anyway, which then serves all`
      : `${chosen.length} deltas come to ${asDeltas} bytes, the image to ${asWhole}`;
  for (const { delta } of chosen) notes.push(`${delta.name}: not sent: ${why}`);
  return whole;
}

/** Which of the planned payloads an ONT is sent. */
export const payloadFor = <Payload extends PayloadFacts>(
  payloads: readonly Payload[],
  ont: Omit<OntKind, "onts">,
): Payload | undefined =>
  payloads.find((payload) => payload.kind === "delta" && takes(ont, payload)) ??
  payloads.find((payload) => payload.kind === "image" && isFor(payload, ont));

const takes = (ont: Omit<OntKind, "onts">, delta: PayloadFacts): boolean =>
  ont.takesDeltas && ont.version === delta.baseVersion && isFor(delta, ont);

function isSmaller(delta: PayloadFacts, image: PayloadFacts, { policy }: PlanInput, notes: string[]): boolean {
  if (policy === "always" || delta.bytes < image.bytes) return true;
  notes.push(`${delta.name}: not sent: ${delta.bytes} bytes are not fewer than the ${image.bytes} of ${image.name}`);
  return false;
}

const countOf = (onts: readonly OntKind[]): number => onts.reduce((sum, ont) => sum + ont.onts, 0);

/** Of the payload no more than is to stand in a result. */
const withOnts = (
  { name, kind, bytes, baseVersion, hardware }: PayloadFacts,
  onts: readonly OntKind[],
  image: PayloadFacts,
): PlannedPayload => ({
  name,
  kind,
  bytes,
  baseVersion,
  hardware,
  imageBytes: image.bytes,
  onts: countOf(onts),
});

function costOf(payloads: readonly PlannedPayload[], { mode, ports }: PlanInput): number {
  const cost = ({ bytes, onts }: PlannedPayload): number => (mode === "unicast" ? onts : onts > 0 ? ports : 0) * bytes;
  return payloads.reduce((sum, payload) => sum + cost(payload), 0);
}
