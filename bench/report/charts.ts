import type { Results } from './results.ts';
export async function writeCharts(_results: Results): Promise<void> {}
