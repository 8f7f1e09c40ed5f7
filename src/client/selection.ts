import type { Control } from './controls.js';

/** What is selected in a control: positions in its value, or in the text of an editable element. */
export interface Selected {
  readonly start: number;
  readonly end: number;
  readonly backward: boolean;
}

/** Null for controls that know no selection, such as a checkbox or a number. */
export function selectionIn(control: Control): Selected | null {
  if (control instanceof HTMLSelectElement) return null;
  if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
    const { selectionStart: start, selectionEnd: end, selectionDirection } = control;
    return start === null || end === null ? null : { start, end, backward: selectionDirection === 'backward' };
  }
  const selection = getSelection();
  if (!selection?.anchorNode || !selection.focusNode) return null;
  if (!control.contains(selection.anchorNode) || !control.contains(selection.focusNode)) return null;
  const anchor = textBefore(control, selection.anchorNode, selection.anchorOffset);
  const focus = textBefore(control, selection.focusNode, selection.focusOffset);
  return { start: Math.min(anchor, focus), end: Math.max(anchor, focus), backward: focus < anchor };
}

export function selectIn(control: Control, { start, end, backward }: Selected): void {
  if (control instanceof HTMLSelectElement) return;
  if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
    // An input whose type became one without a selection has none to set.
    if (control.selectionStart !== null) control.setSelectionRange(start, end, backward ? 'backward' : 'forward');
    return;
  }
  const from = textPosition(control, backward ? end : start);
  const to = textPosition(control, backward ? start : end);
  getSelection()?.setBaseAndExtent(from.node, from.offset, to.node, to.offset);
}

function textBefore(root: Node, node: Node, offset: number): number {
  const range = document.createRange();
  range.setStart(root, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

function textPosition(root: Node, position: number): { node: Node; offset: number } {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let left = position;
  let last: { node: Node; offset: number } = { node: root, offset: 0 };
  for (let node = texts.nextNode(); node instanceof Text; node = texts.nextNode()) {
    if (left <= node.length) return { node, offset: left };
    left -= node.length;
    last = { node, offset: node.length };
  }
  return last;
}
