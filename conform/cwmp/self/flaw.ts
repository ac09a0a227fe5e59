/** What a flaw of a CPE is made of. */
import type { CwmpEnvelope, CwmpMessage, CwmpMessageOf } from "../../../cwmp/index.ts";
import type { DoorFlaw } from "./door.ts";

type Fields = Readonly<Record<string, string>>;

export interface CpeFlaw {
  name: string;
  about: string;
  /** What it says in place of what it should. */
  says?: (message: CwmpMessage) => CwmpMessage;
  envelope?: (envelope: CwmpEnvelope) => Partial<CwmpEnvelope>;
  /** What it hears in place of what it was told. */
  hears?: (message: CwmpMessage) => CwmpMessage;
  /** Of what it could not read. */
  hearsText?: (text: string) => string;
  fields?: (headers: Fields, hasBody: boolean) => Fields;
  /** It posts again before it has been answered, where that takes long. */
  isImpatient?: boolean;
  /** It tells of a transfer again, although that was acknowledged. */
  reportsAgain?: boolean;
  /** It takes a report for acknowledged, whatever became of it. */
  reportsOnce?: boolean;
  /** Transfers and events are gone with the power. */
  forgetsAtPowerCut?: boolean;
  trustsRevoked?: boolean;
  trustsStrangers?: boolean;
  hearsStatus?: (status: number) => number;
  /** Of answers without a length. */
  dropsChunks?: boolean;
  /** Downloads that it takes, of those that are asked for; the others are refused. */
  queueMax?: number;
  /** Shows nobody who it is. */
  isNameless?: boolean;
  /** HoldRequests is nothing to it. */
  isDeafToHold?: boolean;
  door?: DoorFlaw;
}

type Inform = CwmpMessageOf<"Inform">;

/** Of one kind of message alone. */
export const of =
  <Method extends CwmpMessage["method"]>(
    method: Method,
    change: (message: CwmpMessageOf<Method>) => CwmpMessage,
  ): ((message: CwmpMessage) => CwmpMessage) =>
  (message) =>
    message.method === method ? change(message as CwmpMessageOf<Method>) : message;

export const events = (change: (list: Inform["events"]) => Inform["events"]): ((message: CwmpMessage) => CwmpMessage) =>
  of("Inform", (inform) => ({ ...inform, events: change(inform.events) }));

export const without = (headers: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
