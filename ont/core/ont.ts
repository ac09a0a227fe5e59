/** One ONT from the outside: what a driver calls, handed on to the part that decides. */
import {
  newSectionView,
  readSection,
  RESULT,
  type SectionView,
  newSectionSpan,
  type SectionSpan,
} from "../../omci/index.ts";
import { handleActivateChecked, handleActivated, handleCommitted } from "./activation.ts";
import { AvcSource } from "./avc.ts";
import { handleMessage } from "./commands.ts";
import { answerLocal, OntContext } from "./context.ts";
import { handleLocalRead, handleRecoveryActivated, handleRecoveryChecked } from "./diagnostic.ts";
import { answerPendingEnd, endDownload } from "./download.ts";
import { flagsOf } from "./images.ts";
import { handleLocal } from "./local.ts";
import type { LocalAnswer, LocalCommand } from "./local-types.ts";
import { Power } from "./power.ts";
import { handleSpan } from "./sections.ts";
import { handleImageRecorded, handleSlotRead } from "./end-software-download.ts";
import type { OntConditions } from "./conditions.ts";
import { handleRebuilt } from "./rebuild.ts";
import { handleConfigMigrated, handleSlotSynced } from "./store.ts";
import type {
  BootRecord,
  FlashFinding,
  FlashOperation,
  MigrationFinding,
  Ont,
  OntConfig,
  OntEvent,
  OntSnapshot,
  UpstreamSink,
} from "./types.ts";
import type { Channel } from "../../pon/types.ts";

/**
 * One ONT as a state machine (G.988 9.1.4, figure 9.1.4-1). Constructing it is power-on: it boots what the record names.
 *
 * @param record the boot record as the flash has it; see `factoryRecord` for a new ONT
 * @param nowNs integer nanoseconds; may not run backwards from call to call
 */
export function createOnt(config: OntConfig, record: BootRecord, nowNs: number): Ont {
  return new OntMachine(config, record, nowNs);
}

/** Everything an ONT waits for. */
type Timer =
  /** The pause between the answer to Activate or Reboot and the restart is over. */
  | "restart"
  /** The boot under way ends: the image runs, has crashed, or the watchdog resets a hung one. */
  | "boot"
  /** The storing job has taken so long that the End is answered "device busy". */
  | "endHold"
  /** No section for so long that a profile with such a timer drops the download. */
  | "download";

const TIMERS: readonly Timer[] = ["restart", "boot", "endHold", "download"];

class OntMachine implements Ont {
  readonly #context: OntContext;
  readonly #power: Power;
  readonly #avc: AvcSource;
  readonly #view = newSectionView();
  readonly #single = newSectionSpan();
  #shown: { record: BootRecord; copy: BootRecord } | undefined;

  constructor(config: OntConfig, record: BootRecord, nowNs: number) {
    this.#context = new OntContext(config, record);
    this.#power = new Power(this.#context);
    this.#avc = new AvcSource(this.#context);
    this.#power.powerOn(nowNs);
  }

  handleRanged(_nowNs: number, _onuId: number): void {
    const context = this.#context;
    if (!this.#power.isUp) return context.drop("ranged while down");
    context.ranged = true;
    context.extendedSeen = false;
    context.mibDataSync = 0;
    context.cache.clear();
    // Another OLT may begin: its image may be another one, and its TCIs are those of the one before.
    context.announced = "";
    context.announcedKind = "image";
    if (context.download !== null) context.download.accepted = null;
    this.#avc.rebase();
  }

  handleFrame(nowNs: number, channel: Channel, pdu: Uint8Array): void {
    const view = this.#view;
    if (readSection(pdu, 0, pdu.length, view)) {
      this.handleSections(nowNs, channel, toSpan(view, pdu, this.#single));
      return;
    }
    const context = this.#context;
    context.flash.keepUnpolledBytes();
    if (!context.ranged) return context.drop("OMCC is down");
    if (channel === "broadcast") return context.drop("broadcast frame that is no section");
    handleMessage(context, nowNs, pdu);
    this.#avc.report(nowNs);
  }

  handleSections(nowNs: number, channel: Channel, span: SectionSpan): void {
    const context = this.#context;
    context.flash.keepUnpolledBytes();
    if (!context.ranged) return context.drop("OMCC is down", span.count);
    if (span.messageSet === "extended") {
      if (!context.supportsExtended) return context.drop("extended message set not supported", span.count);
      if (channel === "omcc") context.extendedSeen = true;
    }
    handleSpan(context, nowNs, channel, span);
  }

  handleFlashDone(nowNs: number, id: number, finding?: FlashFinding): void {
    const context = this.#context;
    context.flash.done(id);
    const wait = context.waits.get(id);
    if (wait === undefined) return;
    context.waits.delete(id);
    switch (wait.kind) {
      case "slotRead":
        handleSlotRead(context, nowNs, finding instanceof Uint8Array ? finding : undefined);
        break;
      case "bootChecked":
        this.#power.handleChecked(nowNs, finding === true);
        break;
      case "activateChecked":
        handleActivateChecked(context, nowNs, finding === true, wait);
        break;
      case "slotSynced":
        handleSlotSynced(context);
        break;
      case "rebuilt":
        handleRebuilt(context, nowNs, finding);
        break;
      case "configMigrated":
        handleConfigMigrated(context, nowNs, isMigration(finding) ? finding : undefined);
        break;
      case "localWritten":
        answerLocal(context, wait.id, RESULT.ok);
        break;
      case "localRead":
        handleLocalRead(context, wait.id, finding);
        break;
      case "recoveryChecked":
        handleRecoveryChecked(context, wait.id, wait.slot, finding === true);
        break;
      case "recoveryActivated":
        handleRecoveryActivated(context, wait.id, wait.record);
        break;
      case "imageRecorded":
        handleImageRecorded(context, nowNs, wait.record);
        break;
      case "committed":
        handleCommitted(context, nowNs, wait.record, wait.request);
        break;
      case "activated":
        handleActivated(context, nowNs, wait.record, wait.request);
        break;
    }
    this.#avc.report(nowNs);
  }

  handleConditions(conditions: OntConditions): void {
    this.#context.conditions = conditions;
  }

  handleLocal(nowNs: number, command: LocalCommand): void {
    this.#context.flash.keepUnpolledBytes();
    handleLocal(this.#context, nowNs, command);
    this.#avc.report(nowNs);
  }

  handleTimeout(nowNs: number): void {
    for (const timer of TIMERS) if (this.#deadlineNs(timer) <= nowNs) this.#fire(timer, nowNs);
  }

  #fire(timer: Timer, nowNs: number): void {
    const context = this.#context;
    switch (timer) {
      case "restart":
        if (context.restart !== null) this.#power.restart(nowNs, context.restart.kind);
        break;
      case "boot":
        this.#power.finishBoot(nowNs);
        break;
      case "endHold":
        answerPendingEnd(context, nowNs, RESULT.deviceBusy);
        break;
      case "download":
        endDownload(context, nowNs, "failed", "download timed out");
        break;
    }
  }

  #deadlineNs(timer: Timer): number {
    const context = this.#context;
    switch (timer) {
      case "restart":
        return context.restart?.deadlineNs ?? Infinity;
      case "boot":
        return this.#power.deadlineNs;
      case "endHold":
        return context.pendingEnd?.deadlineNs ?? Infinity;
      case "download":
        return context.isStoring ? Infinity : context.downloadDeadlineNs;
    }
  }

  pollTransmit(nowNs: number, sink: UpstreamSink): void {
    this.#context.upstream.poll(nowNs, sink);
  }

  pollFlash(): FlashOperation | undefined {
    return this.#context.flash.poll();
  }

  pollLocal(): LocalAnswer | undefined {
    return this.#context.localAnswers.shift();
  }

  pollEvent(): OntEvent | undefined {
    return this.#context.events.poll();
  }

  nextTimeoutNs(): number {
    let nextNs = this.#context.upstream.nextDueNs();
    for (const timer of TIMERS) nextNs = Math.min(nextNs, this.#deadlineNs(timer));
    return nextNs;
  }

  snapshot(): OntSnapshot {
    const context = this.#context;
    const { state, cause, running, record, bootAttempts, windowsAccepted, windowsRepaired, sectionsLost } = context;
    return {
      state,
      cause,
      online: this.#power.isUp,
      activeSlot: running ?? record.committed,
      record: this.#copyOf(record),
      flags: flagsOf(record, running),
      bootAttempts,
      windowsAccepted,
      windowsRepaired,
      sectionsLost,
      mibDataSync: context.mibDataSync,
      installsRefused: context.installsRefused,
      ...(context.diagnostic !== null && { diagnostic: context.diagnostic }),
    };
  }

  /** A record in force is replaced and never changed: it is copied once, however often somebody looks at it. */
  #copyOf(record: BootRecord): BootRecord {
    if (this.#shown?.record !== record) this.#shown = { record, copy: structuredClone(record) };
    return this.#shown.copy;
  }
}

const isMigration = (finding: FlashFinding | undefined): finding is MigrationFinding =>
  typeof finding === "object" && !(finding instanceof Uint8Array);

/** One section as a span of one; the span is reused. */
function toSpan(view: SectionView, pdu: Uint8Array, span: SectionSpan): SectionSpan {
  span.count = 1;
  span.messageSet = view.extended ? "extended" : "baseline";
  span.classId = view.classId;
  span.instanceId = view.instanceId;
  span.firstTci = view.tci;
  span.firstSection = view.sectionNumber;
  span.ackRequested = view.ackRequested;
  span.data = pdu;
  span.dataOffset = view.dataStart;
  span.sectionBytes = view.dataEnd - view.dataStart;
  span.lastSectionBytes = span.sectionBytes;
  return span;
}
