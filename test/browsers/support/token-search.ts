const PIECE = 16;

/** Returns the pieces of tokens that appear in texts. A piece is long enough not to match by chance. */
export function leakedPieces(tokens: Iterable<string>, texts: Iterable<string>): string[] {
  const pieces = new Set<string>();
  for (const token of tokens) for (const piece of piecesOf(token)) pieces.add(piece);
  const leaked = new Set<string>();
  for (const text of texts) for (const piece of piecesOf(text)) if (pieces.has(piece)) leaked.add(piece);
  return [...leaked];
}

function* piecesOf(text: string): Generator<string> {
  for (let start = 0; start + PIECE <= text.length; start += 1) yield text.slice(start, start + PIECE);
}
