import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { Greeting } from '../examples/Greeting.tsx';
import greetingCode from '../examples/Greeting.tsx?raw';
import { OwnClient } from '../examples/OwnClient.tsx';
import ownClientCode from '../examples/OwnClient.tsx?raw';
import { codeOf, Example } from '../support/example-story.tsx';
import type { SceneArgs } from '../support/scene.ts';
import { onStage, SCENE_ARGS, SCENE_ARG_TYPES, sceneOf, scenePlan } from '../support/scene-story.tsx';

/** The provider and what shows one part of a tree or another. */
const meta: Meta<SceneArgs> = { title: 'Components/Components', args: SCENE_ARGS, argTypes: SCENE_ARG_TYPES, decorators: [onStage] };
export default meta;

type Story = StoryObj<SceneArgs>;

/** `<SignedIn>` and `<SignedOut>` show their children in that status, and neither while it is not known yet. */
export const SignedInAndSignedOut: Story = {
  ...scenePlan({ prepare: () => undefined }),
  parameters: codeOf(greetingCode),
  render: () => <Example title="SignedIn and SignedOut"><Greeting /></Example>,
  play: async ({ canvas, loaded }) => {
    await expect(await canvas.findByText('Please sign in.')).toBeVisible();
    await sceneOf(loaded).signIn();
    await expect(await canvas.findByText(/characters is at hand/)).toBeVisible();
  },
};

/** `<AuthProvider config>` makes a client that lives as long as it does. */
export const ProviderWithConfig: Story = {
  ...scenePlan({ prepare: () => undefined }),
  parameters: codeOf(ownClientCode),
  render: (_args, { loaded }) => <Example title="AuthProvider with a config"><OwnClient protocol={sceneOf(loaded).protocol} /></Example>,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/a client of its own/)).toBeVisible();
  },
};
