import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { Greeting } from '../examples/Greeting.tsx';
import greetingCode from '../examples/Greeting.tsx?raw';
import { OwnClient } from '../examples/OwnClient.tsx';
import ownClientCode from '../examples/OwnClient.tsx?raw';
import { codeOf, Example } from '../support/example-story.tsx';
import type { SetupArgs } from '../support/setup.ts';
import { withApiLog, SETUP_ARGS, SETUP_ARG_TYPES, setupOf, withSetup } from '../support/setup-story.tsx';

/** The provider, and the components that render by the session's status. */
const meta: Meta<SetupArgs> = { title: 'Components/Components', args: SETUP_ARGS, argTypes: SETUP_ARG_TYPES, decorators: [withApiLog] };
export default meta;

type Story = StoryObj<SetupArgs>;

/** `<SignedIn>` and `<SignedOut>` render their children in that status. Neither renders while the session is loading. */
export const SignedInAndSignedOut: Story = {
  ...withSetup({ prepare: () => undefined }),
  parameters: codeOf(greetingCode),
  render: () => <Example title="SignedIn and SignedOut"><Greeting /></Example>,
  play: async ({ canvas, loaded }) => {
    await expect(await canvas.findByText('Please sign in.')).toBeVisible();
    await setupOf(loaded).signIn();
    await expect(await canvas.findByText(/characters is ready/)).toBeVisible();
  },
};

/** `<AuthProvider config>` creates a client and disposes of it when it unmounts. */
export const ProviderWithConfig: Story = {
  ...withSetup({ prepare: () => undefined }),
  parameters: codeOf(ownClientCode),
  render: (_args, { loaded }) => <Example title="AuthProvider with a config"><OwnClient protocol={setupOf(loaded).protocol} /></Example>,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/a client of its own/)).toBeVisible();
  },
};
