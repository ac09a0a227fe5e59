/** Types of what makes a module's state visible. */
export const VISIBLE: RegExp;
export const VISIBLE_PRELUDE: string;
export function makeVisible(code: string, file: string): string;
