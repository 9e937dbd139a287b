import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { memory, type AuthStorage } from 'unexpired';
import type { EndCode } from 'unexpired/testing';
import type { Setup, SetupArgs } from '../support/setup.ts';
import { withApiLog, SETUP_ARGS, SETUP_ARG_TYPES, setupOf, withSetup } from '../support/setup-story.tsx';
import { SessionCard } from '../support/SessionCard.tsx';

/** The reasons why a session ends, with a text for the user. Signing in again starts a new session. */
const meta: Meta<SetupArgs> = {
  title: 'States/Ended',
  args: SETUP_ARGS,
  argTypes: SETUP_ARG_TYPES,
  decorators: [withApiLog],
  render: (_args, { loaded }) => <SessionCard {...setupOf(loaded)} />,
};
export default meta;

type Story = StoryObj<SetupArgs>;

const tryToRefresh = (setup: Setup) => setup.auth.refresh().then(() => undefined, () => undefined);

function endedBy(code: EndCode, words: string): Story {
  return {
    ...withSetup({
      async prepare(setup) {
        await setup.signIn();
        setup.api.endSession({}, code);
        await tryToRefresh(setup);
      },
    }),
    play: async ({ canvas, userEvent }) => {
      await expect(await canvas.findByText(words)).toBeVisible();
      await userEvent.click(canvas.getByRole('button', { name: 'Sign in' }));
      await expect(await canvas.findByText('fresh')).toBeVisible();
    },
  };
}

/** 451: the API no longer accepts the refresh token. */
export const RefreshTokenInvalid: Story = endedBy(451, 'Your session has ended.');

/** 460: the API requires a new login. */
export const LoginRequired: Story = endedBy(460, 'Please sign in again.');

/** 800: the API requires a new password. */
export const PasswordResetRequired: Story = endedBy(800, 'Please reset your password.');

/** 810: the profile is suspended. */
export const Suspended: Story = endedBy(810, 'This profile is suspended.');

/** The API rotated the refresh token, but its answer never arrived. It then rejects the old one. */
export const RotationLost: Story = {
  ...withSetup({
    async prepare(setup) {
      await setup.signIn();
      setup.api.addFault({ kind: 'dropAfter', endpoint: 'refresh', times: 1 });
      await tryToRefresh(setup);
      await tryToRefresh(setup);
    },
  }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Your session was lost.')).toBeVisible();
  },
};

/** The API rejected the access token (450), and there is no refresh token to get a new one. */
export const TokenRejected: Story = {
  ...withSetup({
    async prepare(setup) {
      setup.api.configure({ accessTokenLifetimeMs: null });
      await setup.signIn();
      setup.api.revokeAccessTokens();
    },
  }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('Your session has ended.')).toBeVisible();
    await expect(await canvas.findByText('401, error 450')).toBeVisible();
  },
};

const corrupt: AuthStorage = { ...memory(), read: () => Promise.resolve('half a record') };

/** The stored record cannot be read, so the user is signed out and can sign in again. */
export const StorageCorrupt: Story = {
  ...withSetup({ client: { storage: corrupt }, prepare: () => undefined }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('The stored session could not be read.')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Sign in' })).toBeVisible();
  },
};

/** The user signed out, in all tabs. No token is left. */
export const SignedOutByUser: Story = {
  ...withSetup({}),
  play: async ({ canvas, userEvent, loaded }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Sign out' }));
    await expect(await canvas.findByText('You signed out.')).toBeVisible();
    await expect(setupOf(loaded).auth.getSnapshot().tokens).toBeNull();
  },
};
