/** Which sections a group sends, in which order: all of the image, or what some of its members lack. */
import type { MessageSet } from "../../omci/index.ts";
import { lacksOf, type SectionStretch } from "./held.ts";
import type { Session } from "./session.ts";

/** Stretches this near to each other, or nearer, are one: to tell everybody another place costs more than so many sections. */
const SECTIONS_BETWEEN_MIN = 64;

/** What at least one of several lacks, as few stretches. */
export function unionOf(lacks: readonly (readonly SectionStretch[])[]): SectionStretch[] {
  const union: SectionStretch[] = [];
  for (const { from, to } of lacks.flat().toSorted((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (last !== undefined && from <= last.to + SECTIONS_BETWEEN_MIN) last.to = Math.max(last.to, to);
    else union.push({ from, to });
  }
  return union;
}

export class Course {
  readonly #stretches: SectionStretch[];
  #at: number;

  /** @param stretches sorted, apart from each other */
  constructor(stretches: readonly SectionStretch[]) {
    this.#stretches = [...stretches];
    this.#at = stretches[0]?.from ?? 0;
  }

  get isOver(): boolean {
    return this.#stretches.length === 0;
  }

  /** First section of the next window. */
  get section(): number {
    return this.#at;
  }

  /** Sections that a window from there may have at the most. */
  get room(): number {
    return this.isOver ? 0 : this.#stretches[0].to - this.#at;
  }

  /** Sections still to send. */
  get left(): number {
    return this.#stretches.reduce((sum, { from, to }) => sum + to - Math.max(from, this.#at), 0);
  }

  /** So many were taken by all. */
  advance(sections: number): void {
    this.#at += sections;
    if (this.room > 0) return;
    this.#stretches.shift();
    if (!this.isOver) this.#at = this.#stretches[0].from;
  }
}

/** Of the image what some member lacks: all of it where one takes it in order only. */
export const courseFor = (sessions: readonly Session[], messageSet: MessageSet): Course =>
  new Course(unionOf(sessions.map((session) => lacksOf(session, messageSet))));
