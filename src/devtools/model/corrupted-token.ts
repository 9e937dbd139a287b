/** Returns a token of the same shape that the API rejects: its signature, or its second half, is reversed. */
export function corrupted(token: string): string {
  const start = token.lastIndexOf('.') + 1 || Math.floor(token.length / 2);
  const reversed = [...token.slice(start)].reverse().join('');
  return token.slice(0, start) + (reversed === token.slice(start) ? `${reversed}x` : reversed);
}
