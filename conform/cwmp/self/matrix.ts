/** The cases put to the test: which of them find out which flaw. */
import type { CaseReport } from "../../core/index.ts";
import { acsCatalogue, cpeCatalogue, CpeHost, runCwmpCases } from "../core/index.ts";
import { selfAcsHost } from "./acs.ts";
import { ACS_FLAWS } from "./acs-flaws.ts";
import { SELF_PASSWORD, selfCpeTarget } from "./cpe.ts";
import type { CpeFlaw } from "./flaw.ts";
import { CPE_FLAWS } from "./flaws.ts";
import { selfCwmpImages } from "./ont.ts";

/** Flaw → case → what was wrong, in a word. */
export type FlawMatrix = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const selfCpeHost = (flaw: CpeFlaw, images = selfCwmpImages()): CpeHost =>
  new CpeHost({
    target: selfCpeTarget(images, flaw),
    image: images.image,
    offered: { username: "poncast", password: "conform" },
    password: SELF_PASSWORD,
  });

/** Of what did not pass; a case that could not be carried out is told as `skip`. */
export const findings = (reports: readonly CaseReport[]): Record<string, string> =>
  Object.fromEntries(
    reports.flatMap(({ id, verdict, fault }) => (verdict === "pass" ? [] : [[id, fault?.key ?? verdict] as const])),
  );

/** @param names all of them, unless some are named */
export async function cpeFlawMatrix(names = CPE_FLAWS.map(({ name }) => name)): Promise<FlawMatrix> {
  const images = selfCwmpImages();
  const rows: Record<string, Record<string, string>> = {};
  for (const flaw of CPE_FLAWS.filter(({ name }) => names.includes(name)))
    rows[flaw.name] = findings(await runCwmpCases(cpeCatalogue, selfCpeHost(flaw, images)));
  return rows;
}

export async function acsFlawMatrix(names = ACS_FLAWS.map(({ name }) => name)): Promise<FlawMatrix> {
  const rows: Record<string, Record<string, string>> = {};
  for (const flaw of ACS_FLAWS.filter(({ name }) => names.includes(name)))
    rows[flaw.name] = findings(await runCwmpCases(acsCatalogue, selfAcsHost(flaw)));
  return rows;
}
