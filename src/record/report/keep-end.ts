/** Cuts a text at its beginning. */
export function keepEnd(text: string, size: number): string {
  const characters = [...text];
  return characters.length <= size ? text : `…${characters.slice(characters.length - size + 1).join('')}`;
}
