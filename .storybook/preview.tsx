import type { Preview } from '@storybook/react-vite';
import { setupWorker } from 'msw/browser';
import { mswLoader } from 'msw-storybook-addon/csf3';
import { bonfireHandlers } from 'unexpired/testing/msw';
import { answerBySetup, ROOT } from '../storybook/support/api-registry.ts';
import { configure } from 'storybook/test';
import { getPreferredColorScheme, themes } from 'storybook/theming';
import { patience } from '../test/support/pace.ts';
import '../demo/styles/tokens.css';
import '../storybook/support/stories.css';
import '../storybook/docs/file-name.css';

/** Starts MSW with a relative address, so that the static site works below any path. */
async function startWorker() {
  const worker = setupWorker(...bonfireHandlers({ fetch: answerBySetup }, ROOT.slice(0, -1)));
  await worker.start({ quiet: true, onUnhandledRequest: 'bypass', serviceWorker: { url: './mockServiceWorker.js' } });
  return worker;
}

// Play functions wait for conditions, so this deadline ends a wait only if its condition never holds.
configure({ asyncUtilTimeout: patience(15_000) });

const colorScheme = getPreferredColorScheme();

const preview: Preview = {
  loaders: [mswLoader(startWorker)],
  initialGlobals: { tab: 'alone' },
  tags: ['autodocs'],
  parameters: {
    a11y: { test: 'error' },
    layout: 'padded',
    docs: { codePanel: true, theme: themes[colorScheme], source: { dark: colorScheme === 'dark' } },
    options: {
      storySort: {
        // In the order in which a new user reads. A literal, because Storybook reads it without running it.
        order: [
          'Docs',
          [
            'Getting started',
            'Guides',
            ['Your own API', 'OAuth sign-in', 'Several APIs', 'Bind tokens to the browser', 'HTTP clients', 'TanStack Query', 'Routers', 'Next and SSR', 'Next on a server', 'React Native', 'Workers', 'Streams', 'Sign in again in place', 'Several users', 'Devtools', 'Testing your app'],
            'Migration',
            'Concepts',
            ['How it works', 'Where should tokens live?', 'Limits'],
            'Troubleshooting',
            'Reference',
            ['API', 'Answers to a refresh', 'Cookies in browsers', 'Supported versions'],
            'Internals',
            ['Architecture', 'Obligations', 'RFC 10017'],
          ],
          'States',
          'Hooks',
          'Components',
          'Session end',
          'TanStack Query',
          'Devtools',
        ],
      },
    },
  },
};

export default preview;
