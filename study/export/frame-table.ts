/** The frames of a run's capture, decoded. */
import type { FrameRecord } from "../../decode/index.ts";
import { type Column, type ExportTable } from "./types.ts";
import type { OfRun } from "./run-tables.ts";

export interface FrameRow extends OfRun {
  record: FrameRecord;
}

const NS_PER_SECOND = 1e9;
const BROADCAST_PORT = -1;

const message = (
  name: string,
  about: string,
  value: (of: NonNullable<FrameRecord["message"]>) => number,
): Column<FrameRow> => ({
  name,
  kind: "integer",
  about,
  value: ({ record }) => (record.message === undefined ? null : value(record.message)),
});

export const FRAMES: ExportTable<FrameRow> = {
  name: "frames",
  about: "an OMCI frame of the capture, in the order of the file",
  columns: [
    { name: "run", kind: "text", about: "name of the run: that of its folder", value: ({ run }) => run },
    { name: "frame", kind: "integer", about: "counted from 1, as Wireshark does", value: ({ record }) => record.frame },
    {
      name: "time_seconds",
      kind: "number",
      about: "as the capture has it",
      value: ({ record: { input } }) => (input.timeNs === undefined ? null : input.timeNs / NS_PER_SECOND),
    },
    { name: "direction", kind: "text", about: "`down` or `up`", value: ({ record }) => record.input.direction },
    {
      name: "pon",
      kind: "text",
      about: "port; missing: the capture does not tell",
      value: ({ record: { input } }) => (input.pon === undefined ? null : `${input.pon}`),
    },
    {
      name: "onu_id",
      kind: "text",
      about: "`all` is the broadcast port; missing: the capture does not tell",
      value: ({ record: { input } }) =>
        input.onuId === undefined ? null : input.onuId === BROADCAST_PORT ? "all" : `${input.onuId}`,
    },
    {
      name: "type",
      kind: "text",
      about: "of the message; missing: no OMCI",
      value: ({ record }) => record.message?.type ?? null,
    },
    message("tci", "transaction correlation identifier", ({ tci }) => tci),
    message("class_id", "managed entity class", ({ classId }) => classId),
    message("instance_id", "managed entity instance", ({ instanceId }) => instanceId),
    {
      name: "frame_bytes",
      kind: "integer",
      about: "with the trailer, if it is there",
      value: ({ record }) => record.input.frame.length,
    },
    {
      name: "answers_frame",
      kind: "integer",
      about: "of an answer: the frame that it answers",
      value: ({ record }) => record.answers ?? null,
    },
    {
      name: "answer_seconds",
      kind: "number",
      about: "and how long that took",
      value: ({ record: { answerNs } }) => (answerNs === undefined ? null : answerNs / NS_PER_SECOND),
    },
    {
      name: "warnings",
      kind: "text",
      about: "what does not fit; empty: nothing",
      value: ({ record }) => record.warnings.map(({ text }) => text).join("; "),
    },
  ],
};
