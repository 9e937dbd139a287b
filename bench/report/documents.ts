import type { Results } from './results.ts';
export async function writeDocuments(_results: Results): Promise<void> {}
