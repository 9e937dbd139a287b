import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { AuthDevtools } from 'unexpired/devtools';
import { sceneOf, scenePlan, SCENE_ARGS, SCENE_ARG_TYPES } from '../support/scene-story.tsx';
import type { SceneArgs } from '../support/scene.ts';

/** `<AuthDevtools client={auth} />`: a session, live. It is in a shadow root, so neither the app's styles nor its own reach the other. */
const meta: Meta<SceneArgs> = {
  title: 'Devtools/AuthDevtools',
  args: SCENE_ARGS,
  argTypes: SCENE_ARG_TYPES,
  parameters: { layout: 'fullscreen', docs: { story: { inline: false, height: '620px' } } },
  render: (_args, { loaded }) => <AuthDevtools client={sceneOf(loaded).auth} initialOpen />,
};
export default meta;

type Story = StoryObj<SceneArgs>;

/** The queries of the panel, which lives in a shadow root. */
async function panelIn(canvasElement: HTMLElement) {
  await waitFor(() => expect(canvasElement.querySelector('[data-unexpired-devtools]')?.shadowRoot?.querySelector('#panel')).not.toBeNull());
  const panel = canvasElement.querySelector('[data-unexpired-devtools]')?.shadowRoot?.querySelector<HTMLElement>('#panel');
  if (!panel) throw new Error('The devtools are not open.');
  return within(panel);
}

/** A session whose token was damaged: the call is rejected, the token refreshed, the call sent once more. */
export const Replay: Story = {
  ...scenePlan({ client: { storageKey: 'my-app' } }),
  play: async ({ canvasElement, userEvent, loaded }) => {
    const panel = await panelIn(canvasElement);
    await userEvent.click(panel.getByRole('button', { name: 'Damage the access token' }));
    await sceneOf(loaded).auth.fetch('/users/me');
    await expect(await panel.findByText('Call 1 replayed')).toBeVisible();
  },
};

/** Why a session ended, in words. */
export const WhyItEnded: Story = {
  ...scenePlan({ client: { storageKey: 'my-app' } }),
  play: async ({ canvasElement, userEvent, loaded }) => {
    const panel = await panelIn(canvasElement);
    sceneOf(loaded).api.endSession({}, 451);
    await userEvent.click(panel.getByRole('button', { name: 'Refresh now' }));
    await waitFor(() => expect(panel.getAllByText(/The API refused the refresh token \(451\)/).length).toBeGreaterThan(0));
  },
};

/** Offline: the session waits, and says for how long. */
export const Offline: Story = {
  ...scenePlan({ client: { storageKey: 'my-app' } }),
  play: async ({ canvasElement, userEvent }) => {
    const panel = await panelIn(canvasElement);
    await userEvent.click(panel.getByRole('button', { name: 'Simulate offline' }));
    await userEvent.click(panel.getByRole('button', { name: 'Treat as expired' }));
    await expect(await panel.findByRole('img', { name: 'State of the session: waiting' })).toBeVisible();
  },
};
