const PREFIX = 'leptos-fast:';

/** What the tab remembers across a reload; null where there is nothing, or the browser allows no storage. */
export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** Remembers a text for the life of the tab. False when the browser allows no storage or it is full. */
export function remember(key: string, text: string): boolean {
  try {
    sessionStorage.setItem(PREFIX + key, text);
    return true;
  } catch {
    return false;
  }
}

/** What was remembered, which is thereby forgotten. */
export function takeOut(key: string): string | null {
  const text = recall(key);
  if (text !== null) sessionStorage.removeItem(PREFIX + key);
  return text;
}
