// Node 20 cannot run TypeScript, so Vite loads the rest.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

const { module } = await runnerImport(path('./pictures/take-pictures.ts'), { configFile: false, root: path('..'), logLevel: 'error' });
for (const picture of await module.takePictures(path('../docs'))) console.log(`docs/${picture}`);
