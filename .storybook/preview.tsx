import type { Preview } from '@storybook/react-vite';
import { setupWorker } from 'msw/browser';
import { mswLoader } from 'msw-storybook-addon/csf3';
import '../demo/styles/tokens.css';
import '../storybook/support/stories.css';

/** The worker is beside the page, wherever the static site is put. */
async function startWorker() {
  const worker = setupWorker();
  await worker.start({ quiet: true, onUnhandledRequest: 'bypass', serviceWorker: { url: './mockServiceWorker.js' } });
  return worker;
}

const preview: Preview = {
  loaders: [mswLoader(startWorker)],
  initialGlobals: { tab: 'alone' },
  tags: ['autodocs'],
  parameters: {
    a11y: { test: 'error' },
    layout: 'padded',
    docs: { codePanel: true },
    options: { storySort: { order: ['Docs', ['Getting started', 'Concepts', 'Obligations', 'Recipes', 'Testing your app', 'Migration', 'FAQ'], 'States', 'Hooks', 'Components', 'TanStack Query', 'Devtools'] } },
  },
};

export default preview;
