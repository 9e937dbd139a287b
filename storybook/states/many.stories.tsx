import { useEffect, useState } from 'react';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import { createAuthClient, indexedDB, memory } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import { ApiLog } from '../support/ApiLog.tsx';
import { createSetup, protocolOf, type Setup, type SetupArgs } from '../support/setup.ts';
import { SETUP_ARGS, SETUP_ARG_TYPES, setupOf, withSetup } from '../support/setup-story.tsx';
import { SessionCard } from '../support/SessionCard.tsx';

/** Several sessions in one page, and one session in several pages. */
const meta: Meta<SetupArgs> = { title: 'States/Side by side', args: SETUP_ARGS, argTypes: SETUP_ARG_TYPES };
export default meta;

type Story = StoryObj<SetupArgs>;

function TwoUsersPage({ setup }: { readonly setup: Setup }) {
  const { protocol } = setup;
  const [other] = useState(() => createAuthClient({ protocol, storage: memory(), storageKey: 'the-other-user' }));
  useEffect(() => void other.signIn(createBotTokens(protocol, ['cinder'])), [other, protocol]);
  return (
    <div className="story">
      <div className="story story--two">
        <SessionCard auth={setup.auth} protocol={protocol} title="Ember" />
        <SessionCard auth={other} protocol={protocol} title="Cinder" botId="cinder" />
      </div>
      <ApiLog api={setup.api} />
    </div>
  );
}

/** Two clients on one page, each with its own `storageKey`. One signs out, the other stays signed in. */
export const TwoUsers: Story = {
  ...withSetup({}),
  render: (_args, { loaded }) => <TwoUsersPage setup={setupOf(loaded)} />,
  play: async ({ canvas, userEvent }) => {
    await waitFor(() => expect(canvas.getAllByText('fresh')).toHaveLength(2));
    const [first] = canvas.getAllByRole('button', { name: 'Sign out' });
    if (first) await userEvent.click(first);
    await expect(await canvas.findByText('You signed out.')).toBeVisible();
    await expect(canvas.getAllByText('fresh')).toHaveLength(1);
  },
};

/** Uses a new database each time the story is shown. */
const shared = (name: string) => ({ storage: indexedDB(name), storageKey: name });

/** Two tabs, one of them in a frame, with the same storage and API. One tab refreshes, the other adopts its token. */
export const TwoTabs: Story = {
  tags: ['!test'], // Its frame needs Storybook's own page, so test/storybook plays it in the built site.
  loaders: [
    async ({ args }) => {
      const name = `two-tabs-${crypto.randomUUID()}`;
      const setup = createSetup({ client: shared(name) }, name);
      setup.applyArgs(args);
      await setup.signIn();
      return { setup, name };
    },
  ],
  render: (_args, { loaded }) => {
    const { api, auth, protocol } = setupOf(loaded);
    return (
      <div className="story">
        <div className="story story--two">
          <SessionCard auth={auth} protocol={protocol} title="This tab" />
          <iframe title="The other tab" src={`./iframe.html?id=states-side-by-side--the-other-tab&viewMode=story&globals=tab:${String(loaded['name'])}`} />
        </div>
        <ApiLog api={api} />
      </div>
    );
  },
  play: async ({ canvas, loaded }) => {
    const frame = canvas.getByTitle<HTMLIFrameElement>('The other tab');
    await waitFor(() => expect(frame.contentDocument?.body.textContent).toContain('fresh'));
    const setup = setupOf(loaded);
    await setup.auth.refresh();
    await expect(setup.api.counts).toMatchObject({ created: 1, refreshes: 1, reuses: 0 });
    await setup.auth.signOut();
    await waitFor(() => expect(frame.contentDocument?.body.textContent).toContain('You signed out.'));
    await setup.signIn();
    await waitFor(() => expect(frame.contentDocument?.body.textContent).toContain('fresh'));
  },
};

/** The story in the frame above. Its requests go to the API of the page around it. */
export const TheOtherTab: Story = {
  tags: ['!dev', '!autodocs', '!test'],
  loaders: [
    ({ globals }) => {
      const name = String(globals['tab'] ?? 'alone');
      const protocol = protocolOf(name);
      return Promise.resolve({ auth: createAuthClient({ protocol, ...shared(name) }), protocol });
    },
  ],
  render: (_args, { loaded }) => (
    <div className="story">
      <SessionCard auth={loaded['auth']} protocol={loaded['protocol']} title="The other tab" />
    </div>
  ),
};
