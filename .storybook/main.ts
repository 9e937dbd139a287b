import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { StorybookConfig } from '@storybook/react-vite';
import { mergeConfig } from 'vite';
import { sourceAlias } from '../source-alias.ts';
import { fileNames } from './file-names.ts';

const PUBLIC = fileURLToPath(new URL('./public', import.meta.url));

// MSW's service worker must be on the page's origin and of the installed version. Storybook needs the folder at its start.
mkdirSync(PUBLIC, { recursive: true });
copyFileSync(createRequire(import.meta.url).resolve('msw/mockServiceWorker.js'), `${PUBLIC}/mockServiceWorker.js`);

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['../storybook/**/*.mdx', '../storybook/**/*.stories.tsx'],
  addons: [
    { name: '@storybook/addon-docs', options: { mdxPluginOptions: { mdxCompileOptions: { remarkPlugins: [fileNames] } } } },
    '@storybook/addon-a11y',
    '@storybook/addon-vitest',
    'msw-storybook-addon',
  ],
  staticDirs: ['./public'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  viteFinal: (vite) => mergeConfig(vite, { base: './', resolve: { alias: sourceAlias }, build: { chunkSizeWarningLimit: 4000 } }),
};

export default config;
