/** A token of the same shape that the API cannot accept: its signature, or its end, is turned around. */
export function damaged(token: string): string {
  const start = token.lastIndexOf('.') + 1 || Math.floor(token.length / 2);
  const turned = [...token.slice(start)].reverse().join('');
  return token.slice(0, start) + (turned === token.slice(start) ? `${turned}x` : turned);
}
