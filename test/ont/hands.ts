/** An OLT's hands: the commands and windows that an ONT on the bench is sent, and what it answers. */
import { encodeMessage, SOFTWARE_IMAGE } from "../../omci/index.ts";
import { crc32 } from "../../base/kernel/crc32.ts";
import type { Message, MessageBody, MessageSet } from "../../omci/messages.ts";
import type { OntConfig } from "../../ont/index.ts";
import { Bench } from "./bench.ts";
import { newFlash, type TestFlash } from "./flash.ts";
import { windowSpan, type WindowSpec } from "./spans.ts";

/** An ONT on the bench that an OLT's hands are laid on. */
export class BenchOnt extends Bench {
  /** Group and unicast TCIs, as an OLT counts them. */
  tci = 0x6000;
  messageSet: MessageSet;

  constructor(change: Partial<OntConfig> = {}, flash: TestFlash = newFlash(), messageSet: MessageSet = "baseline") {
    super(change, flash);
    this.messageSet = messageSet;
  }

  /** Power-on until ranged. */
  static up(
    change: Partial<OntConfig> = {},
    flash: TestFlash = newFlash(),
    messageSet: MessageSet = "baseline",
  ): BenchOnt {
    const bench = new BenchOnt(change, flash, messageSet);
    bench.runUntilOnline();
    return bench;
  }

  /** Sends one request on the OMCC and hands back its answer, if there is one. */
  ask(body: MessageBody, header: { tci?: number; classId?: number; instanceId?: number } = {}): Message | undefined {
    const { tci = this.tci++, classId = SOFTWARE_IMAGE, instanceId = 1 } = header;
    const before = this.sent.length;
    this.frame("omcc", encode({ ...body, tci, messageSet: this.messageSet, classId, instanceId }));
    return this.sent.slice(before).find((message) => message.tci === tci);
  }

  /** As `ask`, for the result alone; undefined = no answer. */
  result(body: MessageBody, header: { tci?: number; classId?: number; instanceId?: number } = {}): number | undefined {
    const answer = this.ask(body, header);
    return answer !== undefined && "result" in answer ? answer.result : undefined;
  }

  start(
    imageBytes: number,
    options: { windowSections?: number; instanceId?: number; tci?: number } = {},
  ): number | undefined {
    const { windowSections = 32, instanceId = 1, tci = this.tci++ } = options;
    const body = {
      type: "startDownloadRequest",
      windowSections,
      imageBytes,
      instances: [instanceId],
    } as const;
    return this.result({ ...body, instances: [...body.instances] }, { instanceId, tci });
  }

  end(
    content: Uint8Array,
    change: { crc32?: number; imageBytes?: number; instanceId?: number; tci?: number } = {},
  ): number | undefined {
    const { instanceId = 1, tci = this.tci++ } = change;
    return this.result(
      {
        type: "endDownloadRequest",
        crc32: change.crc32 ?? crc32(content),
        imageBytes: change.imageBytes ?? content.length,
        instances: [instanceId],
      },
      { instanceId, tci },
    );
  }

  abort(instanceId = 1): number | undefined {
    return this.end(new Uint8Array(0), { crc32: 0xffffffff, imageBytes: 0, instanceId });
  }

  activate(instanceId: number): number | undefined {
    return this.result({ type: "activateImageRequest", flags: 0 }, { instanceId });
  }

  commit(instanceId: number): number | undefined {
    return this.result({ type: "commitImageRequest" }, { instanceId });
  }

  reboot(): number | undefined {
    return this.result({ type: "rebootRequest", flags: 0 }, { classId: 256, instanceId: 0 });
  }

  /** One window, as a run; answers its result. */
  window(content: Uint8Array, window: WindowSpec): Message | undefined {
    const before = this.sent.length;
    this.run(window.channel ?? "omcc", windowSpan(content, this.messageSet, window));
    return this.sent.slice(before).at(-1);
  }

  /** As `window`, for the result alone; undefined = no answer. */
  windowResult(content: Uint8Array, window: WindowSpec): number | undefined {
    const answer = this.window(content, window);
    return answer?.type === "downloadSectionResponse" ? answer.result : undefined;
  }

  /** Start and all windows; no End. */
  send(
    content: Uint8Array,
    options: { windowSections?: number; sectionBytes?: number; instanceId?: number } = {},
  ): void {
    const { windowSections = 32, instanceId = 1 } = options;
    const sectionBytes = options.sectionBytes ?? (this.messageSet === "baseline" ? 31 : 1965);
    if (this.start(content.length, { windowSections, instanceId }) !== 0) throw new Error("Start refused");
    const total = Math.ceil(content.length / sectionBytes);
    for (let firstSection = 0; firstSection < total; firstSection += windowSections) {
      const sections = Math.min(windowSections, total - firstSection);
      const result = this.windowResult(content, {
        base: this.tci,
        firstSection,
        sections,
        sectionBytes,
        instanceId,
      });
      this.tci += sections;
      if (result !== 0) throw new Error("window refused");
    }
  }

  /** A whole good download into the instance: S3. */
  download(content: Uint8Array, options: { windowSections?: number; instanceId?: number } = {}): void {
    this.send(content, options);
    const instanceId = options.instanceId ?? 1;
    if (this.end(content, { instanceId }) !== 0) throw new Error("End refused");
  }
}

export function encode(message: Message): Uint8Array {
  const bytes = new Uint8Array(2000);
  return bytes.slice(0, encodeMessage(message, bytes));
}
