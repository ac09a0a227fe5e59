/**
 * What a run can be asked: every field of a scenario with its limits, its default and what it says. Nothing here says how a run
 * is done.
 */
import { Schema } from "effect";
import { campaign } from "./campaign-fields.ts";
import { acs, depot } from "./depot-fields.ts";
import { faults } from "./fault-fields.ts";
import { choice, field, integer, maybe, prose, text } from "./fields.ts";
import { fleet } from "./fleet-fields.ts";
import { image } from "./image-fields.ts";
import { impairment } from "./impairments.ts";
import { LIMITS } from "./limits.ts";
import { olt } from "./olt-fields.ts";
import { ont } from "./ont-fields.ts";
import { pon } from "./pon-fields.ts";
import { updateZip } from "./update-zip-fields.ts";

export { LIMITS } from "./limits.ts";
export { DEFAULT_RECOVERY } from "./olt-fields.ts";

export const scenarioSchema = Schema.Struct({
  name: field(text(1, 64), "run", "Name of the scenario, for folders and reports."),
  description: field(prose, "", "What it is, in a line or more."),
  question: field(prose, "", "The question that it answers."),
  seed: field(
    integer(0, Number.MAX_SAFE_INTEGER),
    1,
    "Of everything random: the same seed gives the same run in virtual time.",
  ),
  onts: field(integer(1, LIMITS.ontsPerPon, "ONTs"), 128, "ONTs on each PON port."),
  pons: field(
    integer(1, LIMITS.pons, "PON ports"),
    1,
    "PON ports, each with an OLT of its own; by other roads than omci more than one in virtual time only.",
  ),
  ontsPerProcess: field(
    integer(1, LIMITS.ontsPerPon, "ONTs"),
    1,
    "ONTs in one process; a process that ends takes all of them away. Beside OMCI 16, where nothing is said.",
  ),
  road: field(
    choice("omci", "https", "cwmp", "file"),
    "omci",
    "By which road the image comes: omci, from the OLT; https, from a depot that each ONT's update agent asks; cwmp, from where an ACS of TR-069 sends each ONT; file, as update.zip in a folder of each ONT.",
  ),
  image,
  ont,
  fleet,
  pon,
  olt,
  depot,
  acs,
  updateZip,
  campaign: maybe(campaign, "Absent: the OLTs, the depot, or the ACS, update all that come, when they come."),
  impairments: field(Schema.Array(impairment), [], "What the fibre does to all ONTs."),
  faults,
});

/** A scenario with every field in place. */
export type Scenario = (typeof scenarioSchema)["Type"];
export type ImageRoad = Scenario["road"];
export type CampaignFields = NonNullable<Scenario["campaign"]>;
export type FleetGroup = Scenario["fleet"][number];
export type Fault = Scenario["faults"][number];
export type OntProperties = Scenario["ont"];
