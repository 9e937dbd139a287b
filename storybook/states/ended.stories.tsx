import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { memory, type AuthStorage } from 'unexpired';
import type { EndCode } from 'unexpired/testing';
import type { Scene, SceneArgs } from '../support/scene.ts';
import { onStage, SCENE_ARGS, SCENE_ARG_TYPES, sceneOf, scenePlan } from '../support/scene-story.tsx';
import { SessionCard } from '../support/SessionCard.tsx';

/** How a session ends, and what there is to tell its user. Signing in again starts another. */
const meta: Meta<SceneArgs> = {
  title: 'States/Ended',
  args: SCENE_ARGS,
  argTypes: SCENE_ARG_TYPES,
  decorators: [onStage],
  render: (_args, { loaded }) => <SessionCard {...sceneOf(loaded)} />,
};
export default meta;

type Story = StoryObj<SceneArgs>;

const tryToRefresh = (scene: Scene) => scene.auth.refresh().then(() => undefined, () => undefined);

function endedBy(code: EndCode, words: string): Story {
  return {
    ...scenePlan({
      async prepare(scene) {
        await scene.signIn();
        scene.api.endSession({}, code);
        await tryToRefresh(scene);
      },
    }),
    play: async ({ canvas, userEvent }) => {
      await expect(await canvas.findByText(words)).toBeVisible();
      await userEvent.click(canvas.getByRole('button', { name: 'Sign in' }));
      await expect(await canvas.findByText('fresh')).toBeVisible();
    },
  };
}

/** 451: the API no longer knows the refresh token. */
export const RefreshTokenInvalid: Story = endedBy(451, 'Your session is over.');

/** 460: the user has to log in again. */
export const LoginRequired: Story = endedBy(460, 'Please sign in again.');

/** 800: the password has to be reset first. */
export const PasswordResetRequired: Story = endedBy(800, 'Your password has to be reset.');

/** 810: the profile is suspended. */
export const Suspended: Story = endedBy(810, 'This profile is suspended.');

/** The API rotated the refresh token, and its answer never arrived: the old one is refused. */
export const RotationLost: Story = {
  ...scenePlan({
    async prepare(scene) {
      await scene.signIn();
      scene.api.addFault({ kind: 'dropAfter', endpoint: 'refresh', times: 1 });
      await tryToRefresh(scene);
      await tryToRefresh(scene);
    },
  }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Your session got lost on the way.')).toBeVisible();
  },
};

/** The API gave no refresh token, and refused the access token (450): nothing can renew it. */
export const TokenRejected: Story = {
  ...scenePlan({
    async prepare(scene) {
      scene.api.configure({ accessTokenLifetimeMs: null });
      await scene.signIn();
      scene.api.revokeAccessTokens();
    },
  }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('Your session is over.')).toBeVisible();
    await expect(await canvas.findByText('401 · error 450')).toBeVisible();
  },
};

const damaged: AuthStorage = { ...memory(), read: () => Promise.resolve('half a record') };

/** What is stored cannot be read: signed out, and free to sign in again. */
export const StorageCorrupt: Story = {
  ...scenePlan({ client: { storage: damaged }, prepare: () => undefined }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('The stored session was unreadable.')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Sign in' })).toBeVisible();
  },
};

/** Signed out by the user: in all tabs, and no token is left. */
export const SignedOutByUser: Story = {
  ...scenePlan({}),
  play: async ({ canvas, userEvent, loaded }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Sign out' }));
    await expect(await canvas.findByText('You signed out.')).toBeVisible();
    await expect(sceneOf(loaded).auth.getSnapshot().tokens).toBeNull();
  },
};
