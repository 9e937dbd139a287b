import type { Meta, StoryObj } from '@storybook/react-vite';
import { browserPlatform, type AuthStorage } from 'unexpired';
import { simulate } from 'unexpired/testing';
import { expect, waitFor } from 'storybook/test';
import type { SetupArgs } from '../support/setup.ts';
import { withApiLog, SETUP_ARGS, SETUP_ARG_TYPES, setupOf, withSetup } from '../support/setup-story.tsx';
import { SessionCard } from '../support/SessionCard.tsx';

/** Every state of a session, with an embedded API in this page. */
const meta: Meta<SetupArgs> = {
  title: 'States/Session',
  args: SETUP_ARGS,
  argTypes: SETUP_ARG_TYPES,
  decorators: [withApiLog],
  render: (_args, { loaded }) => <SessionCard {...setupOf(loaded)} />,
};
export default meta;

type Story = StoryObj<SetupArgs>;

/** No session yet. */
export const SignedOut: Story = {
  ...withSetup({ prepare: () => undefined }),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('Not signed in.')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Call the API' })).toBeDisabled();
    await userEvent.click(canvas.getByRole('button', { name: 'Sign in' }));
    await expect(await canvas.findByText('fresh')).toBeVisible();
  },
};

const silent: AuthStorage = { name: 'a storage that hangs', read: () => new Promise(() => {}), update: () => new Promise(() => {}) };

/** Storage has not answered yet. In this story it never does, and there is no timeout. */
export const Loading: Story = {
  ...withSetup({ prepare: () => undefined, client: { storage: silent, platform: { ...browserPlatform(), setTimer: () => () => {} } } }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('loading')).toBeVisible();
  },
};

/** Signed in with a valid token. It is refreshed when a quarter of its lifetime is left. */
export const Fresh: Story = {
  ...withSetup({}),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('fresh')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
  },
};

/** A refresh is in flight and the API is slow. Calls use the token that is still valid. */
export const Refreshing: Story = {
  ...withSetup({
    async prepare(setup) {
      await setup.signIn();
      setup.api.configure({ latencyMs: (endpoint) => (endpoint === 'refresh' ? 30_000 : 0) });
      void setup.auth.refresh().catch(() => undefined);
    },
  }),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('refreshing')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
  },
};

/** The device is offline. The session is kept, and is refreshed as soon as the network is back. */
export const WaitingOffline: Story = {
  ...withSetup({
    async prepare(setup) {
      await setup.signIn();
      simulate(setup.auth, 'offline');
      simulate(setup.auth, 'expired');
    },
  }),
  play: async ({ canvas, loaded }) => {
    await expect(await canvas.findByText('waiting')).toBeVisible();
    simulate(setupOf(loaded).auth, 'online');
    await expect(await canvas.findByText('fresh')).toBeVisible();
  },
};

/** The token endpoint answers 503. The refresh is retried with exponential backoff. */
export const WaitingAfter503: Story = {
  args: { refreshFault: '503' },
  ...withSetup({
    async prepare(setup) {
      await setup.signIn();
      void setup.auth.refresh().catch(() => undefined);
    },
  }),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText(/The access token could not be refreshed/)).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
  },
};

/** The token endpoint answers 429 with `Retry-After`. The refresh is not retried before that. */
export const WaitingAfter429: Story = {
  args: { refreshFault: '429' },
  ...withSetup({
    async prepare(setup) {
      await setup.signIn();
      void setup.auth.refresh().catch(() => undefined);
    },
  }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/Next attempt in \d\d+ s\./)).toBeVisible();
  },
};

/** The API rejects the token (error code 450). The client refreshes once and replays the call. */
export const RejectedAndReplayed: Story = {
  ...withSetup({
    async prepare(setup) {
      await setup.signIn();
      setup.api.revokeAccessTokens();
    },
  }),
  play: async ({ canvas, userEvent, loaded }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
    await expect(await canvas.findByText('401, error 450')).toBeVisible();
    await expect(await canvas.findByText('1 refresh, 1 rejected token, 0 token reuses')).toBeVisible();
    await expect(setupOf(loaded).api.counts).toMatchObject({ refreshes: 1, rejections: 1 });
  },
};

/** The API rejects the app itself, for example because of a wrong App Key (452). The session is kept, and the refresh is not retried automatically. */
export const Misconfigured: Story = {
  ...withSetup({
    async prepare(setup) {
      await setup.signIn();
      setup.api.addFault({ kind: 'error', code: 452, endpoint: 'refresh' });
      await setup.auth.refresh().catch(() => undefined);
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

/** The device's clock is three days ahead. The token looks expired, but the client measures the offset and uses it. */
export const WrongClock: Story = {
  ...withSetup({ client: { platform: wrongClock() } }),
  render: (_args, { loaded }) => {
    const { auth, protocol } = setupOf(loaded);
    return (
      <>
        <SessionCard auth={auth} protocol={protocol} />
        <p>The API’s clock is {Math.round(-auth.getSnapshot().clockOffset / 3_600_000)} h behind the device’s.</p>
      </>
    );
  },
  play: async ({ canvas, userEvent, loaded }) => {
    await expect(await canvas.findByText('The API’s clock is 72 h behind the device’s.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
    await expect(setupOf(loaded).api.counts).toMatchObject({ refreshes: 0, rejections: 0 });
  },
};

const full: AuthStorage = {
  name: 'a full storage',
  read: () => Promise.resolve(undefined),
  update: () => Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError')),
};

/** Storage fails. The session continues in memory with one warning, and storage is retried every 10 s. */
export const StorageFallback: Story = {
  ...withSetup({ client: { storage: full, platform: { ...browserPlatform(), warn: () => {} } } }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('storage: memory')).toBeVisible();
    await waitFor(() => expect(canvas.getByText('fresh')).toBeVisible());
  },
};
