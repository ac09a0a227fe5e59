/** An ONT of a campaign in processes: what is known of it beside its record. */
import type { OntRecord } from "../../processes/run-state.ts";
import type { OntPlan } from "../../fleet/plan.ts";
import type { CampaignOnt } from "../conductor.ts";

export class ProcessOnt implements CampaignOnt {
  readonly record: OntRecord;
  /** By what it tells itself, and until its process ends. */
  up = false;

  constructor(record: OntRecord) {
    this.record = record;
  }

  get plan(): OntPlan {
    return this.record.fleet.plan;
  }

  get index(): number {
    return this.plan.index;
  }
}
