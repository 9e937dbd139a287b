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
import type { SceneArgs } from '../support/scene.ts';
import { onStage, SCENE_ARGS, SCENE_ARG_TYPES, sceneOf, scenePlan } from '../support/scene-story.tsx';

/** The hooks, each in a component of its own file; the controls change what the API does. */
const meta: Meta<SceneArgs> = { title: 'Hooks/Hooks', args: SCENE_ARGS, argTypes: SCENE_ARG_TYPES, decorators: [onStage] };
export default meta;

type Story = StoryObj<SceneArgs>;

/** `useAuth`: who is there, and the ways to change it. A refresh renders nothing here. */
export const UseAuth: Story = {
  ...scenePlan({ prepare: () => undefined }),
  parameters: codeOf(accountCode),
  render: (_args, { loaded }) => <Example title="useAuth"><Account protocol={sceneOf(loaded).protocol} /></Example>,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Sign in' }));
    await userEvent.click(await canvas.findByRole('button', { name: 'Sign out' }));
    await expect(await canvas.findByRole('button', { name: 'Sign in' })).toBeVisible();
  },
};

/** `useAccessToken`: the token, and the refresh that keeps it so. Set a fault in the controls and refresh to see its `error`. */
export const UseAccessToken: Story = {
  ...scenePlan({}),
  parameters: codeOf(freshnessCode),
  render: () => <Example title="useAccessToken"><Freshness /></Example>,
  play: async ({ canvas, userEvent, loaded }) => {
    await expect(await canvas.findByText(/Good until/)).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Refresh now' }));
    await waitFor(() => expect(sceneOf(loaded).api.counts.refreshes).toBe(1));
  },
};

/** `useAccessToken` while the token endpoint is out of order: `error` says so, and the session stays. */
export const UseAccessTokenWithError: Story = {
  ...scenePlan({}),
  args: { refreshFault: '503' },
  parameters: codeOf(freshnessCode),
  render: () => <Example title="useAccessToken"><Freshness /></Example>,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Refresh now' }));
    await expect(await canvas.findByRole('alert')).toHaveTextContent('could not be refreshed');
  },
};

/** `useAuthedFetch`: `fetch` with the token, refreshed and sent once more after a rejection, body and all. */
export const UseAuthedFetch: Story = {
  ...scenePlan({
    async prepare(scene) {
      await scene.signIn();
      scene.api.revokeAccessTokens();
    },
  }),
  parameters: codeOf(feedCode),
  render: () => <Example title="useAuthedFetch"><Feed /></Example>,
  play: async ({ canvas, userEvent, loaded }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Publish' }));
    await expect(await canvas.findByText('The fire is lit.')).toBeVisible();
    await expect(sceneOf(loaded).api.counts).toMatchObject({ refreshes: 1, rejections: 1 });
  },
};

/** `useAuthedFetch({ interceptors })`: one around the whole call, one around each attempt to send it. */
export const UseAuthedFetchWithInterceptors: Story = {
  ...scenePlan({
    async prepare(scene) {
      await scene.signIn();
      scene.api.revokeAccessTokens();
    },
  }),
  parameters: codeOf(tracedCode),
  render: () => <Example title="useAuthedFetch with interceptors"><Traced /></Example>,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Call' }));
    await canvas.findByText('call: 200');
    await expect(canvas.getAllByRole('listitem').map(({ textContent }) => textContent).slice(0, 3)).toEqual(['attempt: 401', 'attempt: 200', 'call: 200']);
  },
};

/** `useSuspenseAccessToken`: a token that is never `null`, below `<SignedIn>` and a `Suspense`. */
export const UseSuspenseAccessToken: Story = {
  ...scenePlan({}),
  parameters: codeOf(greetingCode),
  render: () => <Example title="useSuspenseAccessToken"><Greeting /></Example>,
  play: async ({ canvas, loaded }) => {
    await expect(await canvas.findByText(/characters is at hand/)).toBeVisible();
    await sceneOf(loaded).auth.signOut();
    await expect(await canvas.findByText('Please sign in.')).toBeVisible();
  },
};
