/** The operator's hand on a campaign: what each command does, and when it is refused. The same again changes nothing. */
import type { CampaignLedger } from "./ledger.ts";
import type { CampaignAnswer, CampaignCommand, CampaignEvent } from "./types.ts";

export class Commands {
  readonly #ledger: CampaignLedger;
  readonly #record: (event: CampaignEvent) => void;

  constructor(ledger: CampaignLedger, record: (event: CampaignEvent) => void) {
    this.#ledger = ledger;
    this.#record = record;
  }

  handle(nowMs: number, command: CampaignCommand): CampaignAnswer {
    const before = command.id === undefined ? undefined : this.#ledger.answerTo(command.id);
    if (before !== undefined) return before;
    const reason = this.#refusalOf(command);
    const answer: CampaignAnswer = reason === "" ? { accepted: true } : { accepted: false, reason };
    this.#record({ type: "command", atMs: nowMs, command, answer });
    if (answer.accepted) this.#carryOut(command);
    return answer;
  }

  #refusalOf({ kind }: CampaignCommand): string {
    const { end, pausedWhy, haltedWhy, openWave, awaitsNext } = this.#ledger;
    // Who asks twice for the end gets it.
    if (end !== undefined) return kind === "abort" && end.as === "aborted" ? "" : `the campaign is ${end.as}`;
    if (kind !== "next") return "";
    if (pausedWhy !== "") return "it is paused: resume first";
    if (haltedWhy !== "") return "it has stopped by itself: resume first";
    return awaitsNext || openWave !== undefined ? "" : "no wave has begun";
  }

  #carryOut(command: CampaignCommand): void {
    const { pausedWhy, haltedWhy, end } = this.#ledger;
    const by = command.by === undefined ? "" : ` by ${command.by}`;
    switch (command.kind) {
      case "pause":
        if (pausedWhy === "") this.#record({ type: "paused", isPaused: true, why: `paused${by}` });
        return;
      case "resume":
        if (pausedWhy !== "") this.#record({ type: "paused", isPaused: false, why: `resumed${by}` });
        if (haltedWhy === "") return;
        this.#record({ type: "halted", why: "" });
        // Its failures have been seen: they do not stop the campaign once more.
        return this.#passWave(`resumed${by}`);
      case "abort":
        if (end === undefined) this.#record({ type: "ended", as: "aborted", why: `aborted${by}` });
        return;
      case "next":
        if (this.#ledger.awaitsNext) this.#record({ type: "awaitsNext", isAwaiting: false });
        return this.#passWave(`next${by}`);
      case "add":
      case "remove":
        return this.#choose(command.serial, command.kind === "add");
    }
  }

  #passWave(why: string): void {
    const { openWave } = this.#ledger;
    if (openWave !== undefined) this.#record({ type: "wavePassed", wave: openWave.wave, why });
  }

  #choose(serial: string, isChosen: boolean): void {
    if (this.#ledger.chosenBefore(serial) !== isChosen || this.#ledger.entry(serial)?.standing === "failed")
      this.#record({ type: "chosen", serial, isChosen });
  }
}
