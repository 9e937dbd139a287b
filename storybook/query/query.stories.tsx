import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { QueriedFeed } from '../examples/QueriedFeed.tsx';
import queriedFeedCode from '../examples/QueriedFeed.tsx?raw';
import { codeOf, Example } from '../support/example-story.tsx';
import type { SetupArgs } from '../support/setup.ts';
import { withApiLog, SETUP_ARGS, SETUP_ARG_TYPES, setupOf, withSetup } from '../support/setup-story.tsx';

/** TanStack Query with a cache that is cleared when the session changes. */
const meta: Meta<SetupArgs> = {
  title: 'TanStack Query/Queries and mutations',
  args: SETUP_ARGS,
  argTypes: SETUP_ARG_TYPES,
  decorators: [withApiLog],
  parameters: codeOf(queriedFeedCode),
  render: () => <Example title="useAuthedQuery and useAuthedMutation"><QueriedFeed /></Example>,
};
export default meta;

type Story = StoryObj<SetupArgs>;

/** A query and a mutation. Their functions get the session's `authedFetch`. */
export const QueryAndMutation: Story = {
  ...withSetup({}),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: '0 posts, add one' }));
    await expect(await canvas.findByRole('button', { name: '1 posts, add one' })).toBeVisible();
  },
};

/** The cache is cleared between two users, so the next one sees no data of the last one. */
export const AnotherUser: Story = {
  ...withSetup({}),
  play: async ({ canvas, userEvent, loaded }) => {
    await userEvent.click(await canvas.findByRole('button', { name: '0 posts, add one' }));
    await canvas.findByRole('button', { name: '1 posts, add one' });
    const { auth, signIn, api } = setupOf(loaded);
    await auth.signOut();
    await signIn('cinder');
    await canvas.findByRole('button', { name: '1 posts, add one' });
    await expect(api.calls.findLast(({ endpoint }) => endpoint === 'posts')?.botId).toBe('cinder');
  },
};
