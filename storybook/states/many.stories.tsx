import { useEffect, useState } from 'react';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import { createAuthClient, indexedDB, memory } from 'unexpired';
import { ApiLog } from '../support/ApiLog.tsx';
import { openScene, protocolOf, type Scene, type SceneArgs } from '../support/scene.ts';
import { SCENE_ARGS, SCENE_ARG_TYPES, sceneOf, scenePlan } from '../support/scene-story.tsx';
import { SessionCard } from '../support/SessionCard.tsx';

/** More than one session in a page, and more than one page for a session. */
const meta: Meta<SceneArgs> = { title: 'States/Side by side', args: SCENE_ARGS, argTypes: SCENE_ARG_TYPES };
export default meta;

type Story = StoryObj<SceneArgs>;

function TwoUsersPage({ scene }: { readonly scene: Scene }) {
  const { protocol } = scene;
  const [other] = useState(() => createAuthClient({ protocol, storage: memory(), storageKey: 'the-other-user' }));
  useEffect(() => void other.signIn(protocol.createBotTokens(['cinder'])), [other, protocol]);
  return (
    <div className="stage">
      <div className="stage stage--two">
        <SessionCard auth={scene.auth} protocol={protocol} title="Ember" />
        <SessionCard auth={other} protocol={protocol} title="Cinder" botId="cinder" />
      </div>
      <ApiLog api={scene.api} />
    </div>
  );
}

/** Two clients on one page, each with a `storageKey` of its own: one signs out, the other does not notice. */
export const TwoUsers: Story = {
  ...scenePlan({}),
  render: (_args, { loaded }) => <TwoUsersPage scene={sceneOf(loaded)} />,
  play: async ({ canvas, userEvent }) => {
    await waitFor(() => expect(canvas.getAllByText('fresh')).toHaveLength(2));
    const [first] = canvas.getAllByRole('button', { name: 'Sign out' });
    if (first) await userEvent.click(first);
    await expect(await canvas.findByText('You signed out.')).toBeVisible();
    await expect(canvas.getAllByText('fresh')).toHaveLength(1);
  },
};

/** A database of its own for each time the story is shown. */
const shared = (name: string) => ({ storage: indexedDB(name), storageKey: name });

/** Two tabs, the second one in a frame, with one storage and one API: one of them refreshes, the other adopts. */
export const TwoTabs: Story = {
  tags: ['!test'], // It needs Storybook's own page for the frame; test/storybook plays it in the built site.
  loaders: [
    async ({ args }) => {
      const name = `two-tabs-${crypto.randomUUID()}`;
      const scene = openScene({ client: shared(name) }, name);
      scene.applyArgs(args);
      await scene.signIn();
      return { scene, name };
    },
  ],
  render: (_args, { loaded }) => {
    const { api, auth, protocol } = sceneOf(loaded);
    return (
      <div className="stage">
        <div className="stage stage--two">
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
    const scene = sceneOf(loaded);
    await scene.auth.refresh();
    await expect(scene.api.counts).toMatchObject({ created: 1, refreshes: 1, reuses: 0 });
    await scene.auth.signOut();
    await waitFor(() => expect(frame.contentDocument?.body.textContent).toContain('You signed out.'));
    await scene.signIn();
    await waitFor(() => expect(frame.contentDocument?.body.textContent).toContain('fresh'));
  },
};

/** What is in the frame of the story above: its requests go to the API of the page around it. */
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
    <div className="stage">
      <SessionCard auth={loaded['auth']} protocol={loaded['protocol']} title="The other tab" />
    </div>
  ),
};
