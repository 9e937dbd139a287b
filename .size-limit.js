import { readFileSync } from 'node:fs';

const sizes = JSON.parse(readFileSync(new URL('.sizes.json', import.meta.url), 'utf8'));

/** Bundlers set the condition `production` when they build an app, so that is what an app ships. */
const inProduction = (config) => ({ ...config, conditions: ['production', 'module'] });

export default sizes.map((size) => ({ ...size, modifyEsbuildConfig: inProduction }));
