import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { QueriedFeed } from '../examples/QueriedFeed.tsx';
import queriedFeedCode from '../examples/QueriedFeed.tsx?raw';
import { codeOf, Example } from '../support/example-story.tsx';
import type { SceneArgs } from '../support/scene.ts';
import { onStage, SCENE_ARGS, SCENE_ARG_TYPES, sceneOf, scenePlan } from '../support/scene-story.tsx';

/** TanStack Query with a cache that follows the session. */
const meta: Meta<SceneArgs> = {
  title: 'TanStack Query/Queries and mutations',
  args: SCENE_ARGS,
  argTypes: SCENE_ARG_TYPES,
  decorators: [onStage],
  parameters: codeOf(queriedFeedCode),
  render: () => <Example title="useAuthedQuery and useAuthedMutation"><QueriedFeed /></Example>,
};
export default meta;

type Story = StoryObj<SceneArgs>;

/** A query and a mutation; the function of each gets the session's own `authedFetch`. */
export const QueryAndMutation: Story = {
  ...scenePlan({}),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: '0 posts, add one' }));
    await expect(await canvas.findByRole('button', { name: '1 posts, add one' })).toBeVisible();
  },
};

/** The next user sees nothing of the last one: the cache is emptied between them. */
export const AnotherUser: Story = {
  ...scenePlan({}),
  play: async ({ canvas, userEvent, loaded }) => {
    await userEvent.click(await canvas.findByRole('button', { name: '0 posts, add one' }));
    await canvas.findByRole('button', { name: '1 posts, add one' });
    const { auth, signIn, api } = sceneOf(loaded);
    await auth.signOut();
    await signIn('cinder');
    await canvas.findByRole('button', { name: '1 posts, add one' });
    await expect(api.calls.findLast(({ endpoint }) => endpoint === 'posts')?.botId).toBe('cinder');
  },
};
