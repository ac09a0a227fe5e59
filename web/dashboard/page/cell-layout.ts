/** Where each ONT's cell is: ports as blocks, as large as there is room. Pure. */

import { CELL_STATES } from "../../../run/states/index.ts";

export const DOWNLOADING = CELL_STATES.indexOf("downloading");
export const SHARE_WHOLE = 100;
/** How far a download is, along the lower edge of its cell: the same in both themes, as its ground is. */
export const BAR = "#ffffff";
export const BAR_BACK = "#17466f";

export interface CellLayout {
  /** Side of a cell with the gap to the next, CSS pixels. */
  pitch: number;
  /** Cells beside each other in a block. */
  columns: number;
  blocksAcross: number;
  blockWidth: number;
  blockHeight: number;
  height: number;
  onts: number;
  perPort: number;
}

/** Above a block that has others beside it. */
export const LABEL_HEIGHT = 18;
export const BLOCK_GAP = 14;
const PITCH_MIN = 9;
const PITCH_MAX = 26;
/** Lower than this if that is possible. */
const HEIGHT_WANTED = 430;
/** So that cells can be counted off. */
const COLUMNS_STEP = 8;
const BLOCK_COLUMNS = 16;

export function layoutOf(onts: number, pons: number, width: number): CellLayout {
  let layout = layoutAt(PITCH_MIN, onts, pons, width);
  for (let pitch = PITCH_MIN + 1; pitch <= PITCH_MAX; pitch++) {
    const larger = layoutAt(pitch, onts, pons, width);
    const isNarrow = larger.columns < Math.min(BLOCK_COLUMNS, larger.perPort);
    if (larger.height > HEIGHT_WANTED || larger.blockWidth > width || isNarrow) break;
    layout = larger;
  }
  return layout;
}

function layoutAt(pitch: number, onts: number, pons: number, width: number): CellLayout {
  const perPort = Math.max(1, Math.ceil(onts / pons));
  const fit = Math.max(1, Math.floor(width / pitch / COLUMNS_STEP)) * COLUMNS_STEP;
  const columns = Math.min(pons === 1 ? fit : Math.min(fit, BLOCK_COLUMNS), perPort);
  const blockWidth = columns * pitch;
  const label = pons === 1 ? 0 : LABEL_HEIGHT;
  const blockHeight = Math.ceil(perPort / columns) * pitch + label;
  const blocksAcross = Math.max(1, Math.min(pons, Math.floor((width + BLOCK_GAP) / (blockWidth + BLOCK_GAP))));
  const rows = Math.ceil(pons / blocksAcross);
  const height = rows * blockHeight + (rows - 1) * BLOCK_GAP;
  return { pitch, columns, blocksAcross, blockWidth, blockHeight, height, onts, perPort };
}

const labelOf = ({ perPort, onts }: CellLayout): number => (perPort >= onts ? 0 : LABEL_HEIGHT);

export interface Spot {
  x: number;
  y: number;
}

/** Left upper corner of a port's block. */
export function blockAt({ blocksAcross, blockWidth, blockHeight }: CellLayout, port: number): Spot {
  return {
    x: (port % blocksAcross) * (blockWidth + BLOCK_GAP),
    y: Math.floor(port / blocksAcross) * (blockHeight + BLOCK_GAP),
  };
}

/** Left upper corner of an ONT's cell. */
export function cellAt(layout: CellLayout, ont: number): Spot {
  const { perPort, columns, pitch } = layout;
  const block = blockAt(layout, Math.floor(ont / perPort));
  const place = ont % perPort;
  return {
    x: block.x + (place % columns) * pitch,
    y: block.y + labelOf(layout) + Math.floor(place / columns) * pitch,
  };
}

/** The ONT whose cell is there; -1 = none. */
export function ontAt(layout: CellLayout, x: number, y: number): number {
  const { blocksAcross, blockWidth, blockHeight, pitch, columns, perPort, onts } = layout;
  const across = Math.floor(x / (blockWidth + BLOCK_GAP));
  const down = Math.floor(y / (blockHeight + BLOCK_GAP));
  if (across < 0 || down < 0 || across >= blocksAcross) return -1;
  const port = down * blocksAcross + across;
  const column = Math.floor((x - across * (blockWidth + BLOCK_GAP)) / pitch);
  const row = Math.floor((y - down * (blockHeight + BLOCK_GAP) - labelOf(layout)) / pitch);
  if (column < 0 || column >= columns || row < 0) return -1;
  const place = row * columns + column;
  const ont = port * perPort + place;
  return place < perPort && ont < onts ? ont : -1;
}

/** The ONT that a key goes to. */
export function ontAfter({ columns, onts }: CellLayout, ont: number, key: string): number {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -onts,
    End: onts,
  };
  return Math.max(0, Math.min(onts - 1, ont + (steps[key] ?? 0)));
}
