import { type RichText, richTextNodes, richTextOf } from './rich-text.js';

/** An element that the user puts something into. */
export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | EditableElement;
type EditableElement = HTMLElement & { readonly isContentEditable: true };

/** What the user put into it. */
export type ControlValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'checked'; readonly checked: boolean }
  | { readonly kind: 'selected'; readonly values: readonly string[] }
  | { readonly kind: 'rich'; readonly inside: RichText[] };

const NEVER_KEPT: ReadonlySet<string> = new Set(['password', 'file', 'hidden', 'submit', 'button', 'reset', 'image']);
const CHECKED: ReadonlySet<string> = new Set(['checkbox', 'radio']);
const SECRET = /password|one-time-code|\bcc-/;

const edited = new Set<Control>();
/** A password that a click on the eye shows as text stays a password. */
const secret = new WeakSet<Element>();

/** Notes from now on which controls the user changes. */
export function watchControls(): void {
  const note = ({ target }: Event) => {
    const control = target instanceof Element ? controlOf(target) : null;
    if (control) noteEdited(control);
  };
  document.addEventListener('input', note, true);
  document.addEventListener('change', note, true);
  document.addEventListener(
    'reset',
    ({ target }) => {
      for (const control of edited) if ('form' in control && control.form === target) edited.delete(control);
    },
    true,
  );
}

/** The control was changed by the user, in this page or the one before. */
export function noteEdited(control: Control): void {
  if (control instanceof HTMLInputElement && control.type === 'password') secret.add(control);
  edited.add(control);
}

/** The controls that the user changed and that may be kept, with what is in them now. */
export function editedControls(): { control: Control; value: ControlValue }[] {
  const kept = [...edited].filter((control) => control.isConnected && mayBeKept(control));
  return kept.map((control) => ({ control, value: controlValue(control) }));
}

/** The control that an element is or lies in; null where it is none. */
export function controlOf(element: Element): Control | null {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element;
  if (element instanceof HTMLSelectElement) return element;
  let editable: EditableElement | null = null;
  for (let at: Element | null = element; isEditable(at); at = at.parentElement) editable = at;
  return editable;
}

export function controlValue(control: Control): ControlValue {
  if (control instanceof HTMLSelectElement) {
    return { kind: 'selected', values: [...control.selectedOptions].map(({ value }) => value) };
  }
  if (control instanceof HTMLInputElement && CHECKED.has(control.type)) {
    return { kind: 'checked', checked: control.checked };
  }
  if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
    return { kind: 'text', text: control.value };
  }
  return { kind: 'rich', inside: richTextOf(control) };
}

export function hasValue(control: Control, value: ControlValue): boolean {
  return JSON.stringify(controlValue(control)) === JSON.stringify(value);
}

/** Puts a value into a control of the same kind; one of another kind stays as it is. */
export function setValue(control: Control, value: ControlValue): void {
  if (value.kind !== controlValue(control).kind || hasValue(control, value)) return;
  if (value.kind === 'checked' && control instanceof HTMLInputElement) control.checked = value.checked;
  else if (value.kind === 'selected' && control instanceof HTMLSelectElement) {
    for (const option of control.options) option.selected = value.values.includes(option.value);
  } else if (value.kind === 'rich') control.replaceChildren(...richTextNodes(value.inside));
  else if (value.kind === 'text' && 'value' in control) control.value = value.text;
}

/** Tells the page that the user changed a control, as the browser would. */
export function announce(control: Control): void {
  // A radio button that is let go tells nothing.
  if (control instanceof HTMLInputElement && control.type === 'radio' && !control.checked) return;
  control.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  if (!isEditable(control)) control.dispatchEvent(new Event('change', { bubbles: true }));
}

function mayBeKept(control: Control): boolean {
  if (secret.has(control) || SECRET.test(control.getAttribute('autocomplete') ?? '')) return false;
  return !(control instanceof HTMLInputElement && NEVER_KEPT.has(control.type));
}

function isEditable(element: Element | null): element is EditableElement {
  return element instanceof HTMLElement && element.isContentEditable;
}
