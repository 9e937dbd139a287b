import type { Meta, StoryObj } from '@storybook/react-vite';
import { useMemo } from 'react';
import { expect } from 'storybook/test';
import { Callback } from '../examples/Callback.tsx';
import callbackCode from '../examples/Callback.tsx?raw';
import { codeOf, Example } from '../support/example-story.tsx';
import { createRedirectAtHand, type RedirectOutcome } from '../support/redirect-at-hand.ts';
import type { Setup, SetupArgs } from '../support/setup.ts';
import { withApiLog, SETUP_ARGS, SETUP_ARG_TYPES, setupOf, withSetup } from '../support/setup-story.tsx';

interface RedirectArgs extends SetupArgs {
  readonly outcome: RedirectOutcome;
}

/** The page that a sign-in by redirect comes back to. */
const meta: Meta<RedirectArgs> = {
  title: 'Components/RedirectCallback',
  args: { ...SETUP_ARGS, outcome: 'signed in' },
  argTypes: { ...SETUP_ARG_TYPES, outcome: { control: 'radio', options: ['signed in', 'cancelled', 'opened again', 'server down'] } },
  decorators: [withApiLog],
};
export default meta;

type Story = StoryObj<RedirectArgs>;

function CallbackAtHand({ setup, outcome }: { readonly setup: Setup; readonly outcome: RedirectOutcome }) {
  const redirect = useMemo(() => createRedirectAtHand(outcome, () => setup.signIn()), [setup, outcome]);
  return <Callback key={outcome} redirect={redirect} />;
}

const story: Pick<Story, 'loaders' | 'parameters' | 'render'> = {
  ...withSetup({ prepare: () => undefined }),
  parameters: codeOf(callbackCode),
  render: ({ outcome }, { loaded }) => <Example title="RedirectCallback"><CallbackAtHand setup={setupOf(loaded)} outcome={outcome} /></Example>,
};

/** It finishes the sign-in and goes on where the user was. */
export const SignedIn: Story = {
  ...story,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('The page / is shown.')).toBeVisible();
  },
};

/** The user has cancelled at the server. The button starts again. */
export const Cancelled: Story = {
  ...story,
  args: { outcome: 'cancelled' },
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('The sign-in was cancelled.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Sign in again' }));
  },
};

/** The callback was opened again, by the back button or a bookmark, and no user is signed in. */
export const OpenedAgain: Story = {
  ...story,
  args: { outcome: 'opened again' },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/is over, or was begun in another browser/)).toBeVisible();
  },
};

/** The server does not answer. */
export const ServerDown: Story = {
  ...story,
  args: { outcome: 'server down' },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/does not answer just now/)).toBeVisible();
  },
};
