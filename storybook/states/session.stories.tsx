import type { Meta, StoryObj } from '@storybook/react-vite';
import { browserPlatform, type AuthStorage } from 'unexpired';
import { simulate } from 'unexpired/testing';
import { expect, waitFor } from 'storybook/test';
import type { SceneArgs } from '../support/scene.ts';
import { onStage, SCENE_ARGS, SCENE_ARG_TYPES, sceneOf, scenePlan } from '../support/scene-story.tsx';
import { SessionCard } from '../support/SessionCard.tsx';

/** Every state of a session, on an embedded API that answers in this page. */
const meta: Meta<SceneArgs> = {
  title: 'States/Session',
  args: SCENE_ARGS,
  argTypes: SCENE_ARG_TYPES,
  decorators: [onStage],
  render: (_args, { loaded }) => <SessionCard {...sceneOf(loaded)} />,
};
export default meta;

type Story = StoryObj<SceneArgs>;

/** Nobody has signed in yet. */
export const SignedOut: Story = {
  ...scenePlan({ prepare: () => undefined }),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('Nobody is signed in.')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Call the API' })).toBeDisabled();
    await userEvent.click(canvas.getByRole('button', { name: 'Sign in' }));
    await expect(await canvas.findByText('fresh')).toBeVisible();
  },
};

const silent: AuthStorage = { name: 'a storage that says nothing', read: () => new Promise(() => {}), update: () => new Promise(() => {}) };

/** Storage has not answered yet; here it never does, and nobody's patience ends. */
export const Loading: Story = {
  ...scenePlan({ prepare: () => undefined, client: { storage: silent, platform: { ...browserPlatform(), setTimer: () => () => {} } } }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('loading')).toBeVisible();
  },
};

/** Signed in, with a token that lives; watch it being refreshed when a quarter of its life is left. */
export const Fresh: Story = {
  ...scenePlan({}),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('fresh')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
  },
};

/** A refresh is under way: the API takes its time. Calls go on with the token that is still good. */
export const Refreshing: Story = {
  ...scenePlan({
    async prepare(scene) {
      await scene.signIn();
      scene.api.configure({ latencyMs: (endpoint) => (endpoint === 'refresh' ? 30_000 : 0) });
      void scene.auth.refresh().catch(() => undefined);
    },
  }),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('refreshing')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
  },
};

/** The device is offline: the session stays, and goes on as soon as the network is back. */
export const WaitingOffline: Story = {
  ...scenePlan({
    async prepare(scene) {
      await scene.signIn();
      simulate(scene.auth, 'offline');
      simulate(scene.auth, 'expired');
    },
  }),
  play: async ({ canvas, loaded }) => {
    await expect(await canvas.findByText('waiting')).toBeVisible();
    simulate(sceneOf(loaded).auth, 'online');
    await expect(await canvas.findByText('fresh')).toBeVisible();
  },
};

/** The token endpoint answers 503: it is asked again by exponential backoff. */
export const WaitingAfter503: Story = {
  args: { refreshFault: '503' },
  ...scenePlan({
    async prepare(scene) {
      await scene.signIn();
      void scene.auth.refresh().catch(() => undefined);
    },
  }),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText(/The access token could not be refreshed/)).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
  },
};

/** The token endpoint answers 429 and says how long to wait: nobody asks before. */
export const WaitingAfter429: Story = {
  args: { refreshFault: '429' },
  ...scenePlan({
    async prepare(scene) {
      await scene.signIn();
      void scene.auth.refresh().catch(() => undefined);
    },
  }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/Next try in \d\d+ s\./)).toBeVisible();
  },
};

/** The API rejects the token (error code 450): one refresh, and the call is sent once more. */
export const RejectedAndReplayed: Story = {
  ...scenePlan({
    async prepare(scene) {
      await scene.signIn();
      scene.api.revokeAccessTokens();
    },
  }),
  play: async ({ canvas, userEvent, loaded }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
    await expect(await canvas.findByText('401 · error 450')).toBeVisible();
    await expect(await canvas.findByText('1 refresh granted, 1 rejected token, 0 spent tokens sent again')).toBeVisible();
    await expect(sceneOf(loaded).api.counts).toMatchObject({ refreshes: 1, rejections: 1 });
  },
};

/** The API refuses the app itself, as with a wrong App Key (452): the session stays, and nothing is tried again by itself. */
export const Misconfigured: Story = {
  ...scenePlan({
    async prepare(scene) {
      await scene.signIn();
      scene.api.addFault({ kind: 'error', code: 452, endpoint: 'refresh' });
      await scene.auth.refresh().catch(() => undefined);
    },
  }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('blocked')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Sign out' })).toBeVisible();
  },
};

const AHEAD_MS = 3 * 24 * 3_600_000;
const wrongClock = () => {
  const platform = browserPlatform();
  return { ...platform, now: () => ({ ...platform.now(), wall: platform.now().wall + AHEAD_MS }) };
};

/** The device's clock is three days ahead: the token looks long expired, and is used all the same. */
export const WrongClock: Story = {
  ...scenePlan({ client: { platform: wrongClock() } }),
  render: (_args, { loaded }) => {
    const { auth, protocol } = sceneOf(loaded);
    return (
      <>
        <SessionCard auth={auth} protocol={protocol} />
        <p>The API’s clock is {Math.round(-auth.getSnapshot().clockOffset / 3_600_000)} hours behind the device’s.</p>
      </>
    );
  },
  play: async ({ canvas, userEvent, loaded }) => {
    await expect(await canvas.findByText('The API’s clock is 72 hours behind the device’s.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
    await expect(sceneOf(loaded).api.counts).toMatchObject({ refreshes: 0, rejections: 0 });
  },
};

const full: AuthStorage = {
  name: 'a full storage',
  read: () => Promise.resolve(undefined),
  update: () => Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError')),
};

/** Storage fails: the session goes on in memory, with one warning, and storing is tried again every 10 s. */
export const StorageFallback: Story = {
  ...scenePlan({ client: { storage: full, platform: { ...browserPlatform(), warn: () => {} } } }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('kept in memory')).toBeVisible();
    await waitFor(() => expect(canvas.getByText('fresh')).toBeVisible());
  },
};
