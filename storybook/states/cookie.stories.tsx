import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { SessionCard } from '../support/SessionCard.tsx';
import { signInByServer } from '../support/sign-in-by-server.ts';
import type { SetupArgs } from '../support/setup.ts';
import { SETUP_ARGS, SETUP_ARG_TYPES, setupOf, withApiLog, withSetup, type SetupPlan } from '../support/setup-story.tsx';

/** A session whose refresh token is in an HttpOnly cookie. A page with an empty storage asks the API whether there is a session. */
const meta: Meta<SetupArgs> = {
  title: 'States/Cookie',
  args: SETUP_ARGS,
  argTypes: SETUP_ARG_TYPES,
  decorators: [withApiLog],
  render: (_args, { loaded }) => <SessionCard {...setupOf(loaded)} />,
};
export default meta;

type Story = StoryObj<SetupArgs>;

const withCookie = (prepare: SetupPlan['prepare']) => withSetup({ api: { refreshToken: 'cookie' }, ...(prepare && { prepare }) });

/** Signed in. The page has the access token, and the browser has the refresh token. */
export const SignedIn: Story = {
  ...withCookie(undefined),
  play: async ({ canvas, userEvent, loaded }) => {
    const { auth, jar } = setupOf(loaded);
    await expect(await canvas.findByText('fresh')).toBeVisible();
    await expect(auth.getSnapshot().tokens?.refreshToken).toEqual({ in: 'cookie' });
    await expect(jar?.cookies).toMatchObject([{ name: 'bonfire_refresh', httpOnly: true }]);
    await userEvent.click(canvas.getByRole('button', { name: 'Sign out' }));
    await expect(await canvas.findByText('You signed out.')).toBeVisible();
    await expect(await canvas.findByText(/\/oauth\/sign-out/)).toBeVisible();
    await expect(jar?.cookies).toEqual([]);
  },
};

/** The page has just loaded and the API has not answered yet. Calls wait for the answer. */
export const Restoring: Story = {
  ...withCookie(async (setup) => {
    await signInByServer(setup);
    setup.api.addFault({ kind: 'hang', endpoint: 'refresh' });
  }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('restoring')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Call the API' })).toBeDisabled();
  },
};

/** The cookie has a session, so the user is signed in. */
export const Restored: Story = {
  ...withCookie(signInByServer),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('fresh')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Call the API' }));
    await expect(await canvas.findByText('The API answered 200.')).toBeVisible();
  },
};

/** There is no session. The answer is stored, so that no later page asks again. */
export const RestoreRefused: Story = {
  ...withCookie(() => undefined),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('Not signed in.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Sign in' }));
    await expect(await canvas.findByText('fresh')).toBeVisible();
  },
};

/** The API answers 503. The page stays `loading`, and the client asks again. */
export const RestoreFailing: Story = {
  args: { refreshFault: '503' },
  ...withCookie(signInByServer),
  play: async ({ canvas, loaded }) => {
    await expect(await canvas.findByText(/Next attempt in \d+ s\./)).toBeVisible();
    await expect(canvas.getByText('restoring')).toBeVisible();
    await expect(setupOf(loaded).auth.getSnapshot()).toMatchObject({ status: 'loading', refresh: { state: 'waiting' } });
    setupOf(loaded).api.clearFaults();
    await expect(await canvas.findByText('fresh', undefined, { timeout: 20_000 })).toBeVisible();
  },
};
