/** Changes of a scenario's text, field by field: what else stands in it, comments too, stays as it is. */
import { type Document, isCollection, isScalar, parseDocument } from "yaml";
import type { PlanEdit } from "../plan-types.ts";

/** The text with all edits in it; one that has mistakes is left as it is. */
export function edited(yaml: string, edits: readonly PlanEdit[]): string {
  if (edits.length === 0) return yaml;
  const document = parseDocument(yaml, { prettyErrors: false });
  if (document.errors.length > 0) return yaml;
  for (const { path, value } of edits) change(document, path, value);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function change(document: Document, path: PlanEdit["path"], value: unknown): void {
  if (path.length === 0) return;
  if (value === undefined) return remove(document, path);
  if (!isCollection(document.contents)) document.contents = document.createNode({});
  // What is no part of fields gives way to one.
  for (let depth = 1; depth < path.length; depth++) {
    const above = path.slice(0, depth);
    if (document.hasIn(above) && !isCollection(document.getIn(above, true))) document.deleteIn(above);
  }
  const next = document.createNode(value);
  const there = document.getIn(path, true);
  if (isScalar(there) && isScalar(next)) {
    // Comments are the value's.
    next.comment = there.comment;
    next.commentBefore = there.commentBefore;
  }
  document.setIn(path, next);
}

/** A part of which nothing is left goes too. */
function remove(document: Document, path: PlanEdit["path"]): void {
  if (!document.hasIn(path)) return;
  document.deleteIn(path);
  const above = path.slice(0, -1);
  const left = above.length === 0 ? undefined : document.getIn(above, true);
  if (isCollection(left) && left.items.length === 0) remove(document, above);
}
