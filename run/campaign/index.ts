/** Campaigns of a scenario: which there are, and what each is about to do. */
export { campaignLines } from "./describe.ts";
export { hasCampaign, planCampaign, type PlannedCampaign } from "./plan.ts";
