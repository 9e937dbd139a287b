import { readFileSync } from 'node:fs';

const sizes = JSON.parse(readFileSync(new URL('.sizes.json', import.meta.url), 'utf8'));

/** Bundlers set the condition `production` when they build an app, so that is what an app ships. An app with `unexpired/redirect` ships its peer, too. */
const inProduction = (config) => ({ ...config, conditions: ['production', 'module'], external: config.external.filter((name) => !name.startsWith('oauth4webapi')) });

export default sizes.map((size) => ({ ...size, modifyEsbuildConfig: inProduction }));
