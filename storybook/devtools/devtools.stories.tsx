import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { AuthDevtools } from 'unexpired/devtools';
import { signInByServer } from '../support/sign-in-by-server.ts';
import { setupOf, withSetup, SETUP_ARGS, SETUP_ARG_TYPES } from '../support/setup-story.tsx';
import type { SetupArgs } from '../support/setup.ts';

/** `<AuthDevtools client={auth} />` shows a session live. It is in a shadow root, so its styles and the app's do not mix. */
const meta: Meta<SetupArgs> = {
  title: 'Devtools/AuthDevtools',
  args: SETUP_ARGS,
  argTypes: SETUP_ARG_TYPES,
  parameters: { layout: 'fullscreen', docs: { story: { inline: false, height: '620px' } } },
  render: (_args, { loaded }) => <AuthDevtools client={setupOf(loaded).auth} initialOpen />,
};
export default meta;

type Story = StoryObj<SetupArgs>;

/** Returns queries for the panel in its shadow root. */
async function panelIn(canvasElement: HTMLElement) {
  await waitFor(() => expect(canvasElement.querySelector('[data-unexpired-devtools]')?.shadowRoot?.querySelector('#panel')).not.toBeNull());
  const panel = canvasElement.querySelector('[data-unexpired-devtools]')?.shadowRoot?.querySelector<HTMLElement>('#panel');
  if (!panel) throw new Error('The devtools are not open.');
  return within(panel);
}

/** The token is corrupted: the call is rejected, the token is refreshed, and the call is replayed. */
export const Replay: Story = {
  ...withSetup({ client: { storageKey: 'my-app' } }),
  play: async ({ canvasElement, userEvent, loaded }) => {
    const panel = await panelIn(canvasElement);
    await userEvent.click(panel.getByRole('button', { name: 'Corrupt token' }));
    await setupOf(loaded).auth.fetch('/users/me');
    await expect(await panel.findByText('Call 1 replayed')).toBeVisible();
  },
};

/** The panel explains why a session ended. */
export const WhyItEnded: Story = {
  ...withSetup({ client: { storageKey: 'my-app' } }),
  play: async ({ canvasElement, userEvent, loaded }) => {
    const panel = await panelIn(canvasElement);
    setupOf(loaded).api.endSession({}, 451);
    await userEvent.click(panel.getByRole('button', { name: 'Refresh now' }));
    await waitFor(() => expect(panel.getAllByText(/The API rejected the refresh token\. It was revoked/).length).toBeGreaterThan(0));
  },
};

/** The refresh token is in a cookie, and the API has not said yet whether there is a session. */
export const Restoring: Story = {
  ...withSetup({
    api: { refreshToken: 'cookie' },
    client: { storageKey: 'my-cookie-app' },
    async prepare(setup) {
      await signInByServer(setup);
      setup.api.addFault({ kind: 'hang', endpoint: 'refresh' });
    },
  }),
  play: async ({ canvasElement }) => {
    const panel = await panelIn(canvasElement);
    await expect(await panel.findByRole('img', { name: 'State of the session: restoring' })).toBeVisible();
    await expect(panel.getByText('in a cookie')).toBeVisible();
    await expect(await panel.findByText('Restore started')).toBeVisible();
  },
};

/** Offline: the session waits and shows the time of the next attempt. */
export const Offline: Story = {
  ...withSetup({ client: { storageKey: 'my-app' } }),
  play: async ({ canvasElement, userEvent }) => {
    const panel = await panelIn(canvasElement);
    await userEvent.click(panel.getByRole('button', { name: 'Offline' }));
    await userEvent.click(panel.getByRole('button', { name: 'Expire token' }));
    await expect(await panel.findByRole('img', { name: 'State of the session: waiting' })).toBeVisible();
  },
};
