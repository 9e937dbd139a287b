import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import { Account } from '../examples/Account.tsx';
import accountCode from '../examples/Account.tsx?raw';
import { Feed } from '../examples/Feed.tsx';
import feedCode from '../examples/Feed.tsx?raw';
import { Freshness } from '../examples/Freshness.tsx';
import freshnessCode from '../examples/Freshness.tsx?raw';
import { Greeting } from '../examples/Greeting.tsx';
import greetingCode from '../examples/Greeting.tsx?raw';
import { Traced } from '../examples/Traced.tsx';
import tracedCode from '../examples/Traced.tsx?raw';
import { codeOf, Example } from '../support/example-story.tsx';
import type { SetupArgs } from '../support/setup.ts';
import { withApiLog, SETUP_ARGS, SETUP_ARG_TYPES, setupOf, withSetup } from '../support/setup-story.tsx';

/** The hooks, each in an example file. The controls change how the API answers. */
const meta: Meta<SetupArgs> = { title: 'Hooks/Hooks', args: SETUP_ARGS, argTypes: SETUP_ARG_TYPES, decorators: [withApiLog] };
export default meta;

type Story = StoryObj<SetupArgs>;

/** `useAuth` returns the session's status, `signIn` and `signOut`. Refreshes do not re-render. */
export const UseAuth: Story = {
  ...withSetup({ prepare: () => undefined }),
  parameters: codeOf(accountCode),
  render: (_args, { loaded }) => <Example title="useAuth"><Account protocol={setupOf(loaded).protocol} /></Example>,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Sign in' }));
    await userEvent.click(await canvas.findByRole('button', { name: 'Sign out' }));
    await expect(await canvas.findByRole('button', { name: 'Sign in' })).toBeVisible();
  },
};

/** `useAccessToken` returns the token, its expiry and its refresh. To see its `error`, set a refresh fault in the controls and refresh. */
export const UseAccessToken: Story = {
  ...withSetup({}),
  parameters: codeOf(freshnessCode),
  render: () => <Example title="useAccessToken"><Freshness /></Example>,
  play: async ({ canvas, userEvent, loaded }) => {
    await expect(await canvas.findByText(/Good until/)).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Refresh now' }));
    await waitFor(() => expect(setupOf(loaded).api.counts.refreshes).toBe(1));
  },
};

/** `useAccessToken` while the token endpoint fails: `error` says why, and the session is kept. */
export const UseAccessTokenWithError: Story = {
  ...withSetup({}),
  args: { refreshFault: '503' },
  parameters: codeOf(freshnessCode),
  render: () => <Example title="useAccessToken"><Freshness /></Example>,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Refresh now' }));
    await expect(await canvas.findByRole('alert')).toHaveTextContent('could not be refreshed');
  },
};

/** `useAuthedFetch` is `fetch` with the token. If the API rejects the token, it refreshes and replays the call with its body. */
export const UseAuthedFetch: Story = {
  ...withSetup({
    async prepare(setup) {
      await setup.signIn();
      setup.api.revokeAccessTokens();
    },
  }),
  parameters: codeOf(feedCode),
  render: () => <Example title="useAuthedFetch"><Feed /></Example>,
  play: async ({ canvas, userEvent, loaded }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Publish' }));
    await expect(await canvas.findByText('The fire is lit.')).toBeVisible();
    await expect(setupOf(loaded).api.counts).toMatchObject({ refreshes: 1, rejections: 1 });
  },
};

/** `useAuthedFetch({ interceptors })`: one interceptor around the whole call, one around each send. */
export const UseAuthedFetchWithInterceptors: Story = {
  ...withSetup({
    async prepare(setup) {
      await setup.signIn();
      setup.api.revokeAccessTokens();
    },
  }),
  parameters: codeOf(tracedCode),
  render: () => <Example title="useAuthedFetch with interceptors"><Traced /></Example>,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Call' }));
    await canvas.findByText('call: 200');
    await expect(canvas.getAllByRole('listitem').map(({ textContent }) => textContent).slice(0, 3)).toEqual(['send: 401', 'send: 200', 'call: 200']);
  },
};

/** `useSuspenseAccessToken` returns a token that is never `null`. It needs a `<SignedIn>` and a `Suspense` above. */
export const UseSuspenseAccessToken: Story = {
  ...withSetup({}),
  parameters: codeOf(greetingCode),
  render: () => <Example title="useSuspenseAccessToken"><Greeting /></Example>,
  play: async ({ canvas, loaded }) => {
    await expect(await canvas.findByText(/characters is ready/)).toBeVisible();
    await setupOf(loaded).auth.signOut();
    await expect(await canvas.findByText('Please sign in.')).toBeVisible();
  },
};
