/** Where the panels of a plot are, and how large. */

export interface PanelGrid {
  columns: number;
  rows: number;
  panelWidth: number;
  panelHeight: number;
  /** Share of a step from panel to panel that is free. */
  gapX: number;
  gapY: number;
  /** @returns column and row of a panel */
  place: (panel: number) => { fx: number; fy: number };
}

/** Below this width a panel shows nothing, points. */
const PANEL_MIN = 88;
/** Height over width: of a panel alone in a column of text, over the whole page, and of several. */
const RATIO = 0.62;
const RATIO_WIDE = 0.45;
const WIDE_POINTS = 340;
const RATIO_MANY = 0.8;
const GAP = 8;

export function gridOf(panels: number, { width, small }: { width: number; small: number }): PanelGrid {
  const most = Math.max(1, Math.floor((width + GAP) / (PANEL_MIN + GAP)));
  const rows = Math.ceil(panels / most);
  // Rows as full as they can be: four panels are two rows of two, not three and one.
  const columns = Math.ceil(panels / rows);
  const step = (width + GAP) / columns;
  const panelWidth = step - GAP;
  const height = panelWidth * (columns > 1 ? RATIO_MANY : panelWidth > WIDE_POINTS ? RATIO_WIDE : RATIO);
  const gapHeight = small * 1.6;
  return {
    columns,
    rows,
    panelWidth,
    panelHeight: rows === 1 ? height : height + gapHeight,
    gapX: GAP / step,
    gapY: gapHeight / (height + gapHeight),
    place: (panel) => ({ fx: panel % columns, fy: Math.floor(panel / columns) }),
  };
}
