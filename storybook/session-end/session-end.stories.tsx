import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, screen, waitFor } from 'storybook/test';
import { holdCalls, limitSession, SessionEndWarning, useAuth, useAuthedFetch } from 'unexpired';
import { Countdown } from '../examples/Countdown.tsx';
import countdownCode from '../examples/Countdown.tsx?raw';
import { Draft } from '../examples/Draft.tsx';
import draftCode from '../examples/Draft.tsx?raw';
import { codeOf, Example } from '../support/example-story.tsx';
import { StoryClock } from '../support/StoryClock.tsx';
import type { Setup, SetupArgs } from '../support/setup.ts';
import { withApiLog, SETUP_ARGS, SETUP_ARG_TYPES, setupOf, withSetup } from '../support/setup-story.tsx';

/**
 * The end of a session: seen coming, asked about, and survived. The session is limited to 15 minutes without activity.
 *
 * Set the clock forward with its buttons. It also runs by itself. The pointer on the page counts as activity, so a warning about an idle session disappears when you move it.
 */
const meta: Meta<SetupArgs> = {
  title: 'Session end/Session end',
  args: { ...SETUP_ARGS, lifetimeS: 3600 },
  argTypes: SETUP_ARG_TYPES,
  decorators: [withApiLog],
  parameters: { docs: { story: { inline: false, height: '620px' } } },
};
export default meta;

type Story = StoryObj<SetupArgs>;

const MINUTE = 60_000;

const limited = withSetup({
  hasClock: true,
  async prepare(setup) {
    limitSession(setup.auth, { idle: { timeoutMs: 15 * MINUTE, warnMs: MINUTE } });
    holdCalls(setup.auth);
    await setup.signIn();
  },
});

const Page = ({ setup, title, children }: { readonly setup: Setup; readonly title: string; readonly children: React.ReactNode }) => (
  <>
    <Example title={title}>{children}</Example>
    {setup.clock && <StoryClock clock={setup.clock} />}
  </>
);

/** `useSessionEnd` returns the end when it is near, and `null` before. `stay()` lets the session go on. */
export const UseSessionEnd: Story = {
  ...limited,
  parameters: codeOf(countdownCode),
  render: (_args, { loaded }) => <Page setup={setupOf(loaded)} title="useSessionEnd"><Countdown /></Page>,
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('Signed in. The end is not near.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: '+14 min' }));
    await expect(await canvas.findByText(/Ends in \d+ s \(idle\)/)).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Stay signed in' }));
    await expect(await canvas.findByText('Signed in. The end is not near.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: '+14 min' }));
    await userEvent.click(canvas.getByRole('button', { name: '+1 min' }));
    await expect(await canvas.findByText('Signed out: idle')).toBeVisible();
  },
};

const Field = () => {
  const { status } = useAuth();
  return <label>Text ({status}) <input defaultValue="a draft" /></label>;
};

/** `<SessionEndWarning>` is a modal dialog with the time left. It takes the focus, and gives it back. Escape means to stay. */
export const Warning: Story = {
  ...limited,
  render: (_args, { loaded }) => <Page setup={setupOf(loaded)} title="SessionEndWarning"><Field /><SessionEndWarning /></Page>,
  play: async ({ canvas, userEvent }) => {
    const wind = await canvas.findByRole('button', { name: '+14 min' });
    for (const way of ['Stay signed in', 'Escape']) {
      await userEvent.click(wind);
      await expect(await screen.findByRole('alertdialog')).toHaveAccessibleName('Your session is about to end');
      await expect(screen.getByRole('alertdialog')).toHaveAccessibleDescription('You have not used this page for a while.');
      await expect(screen.getByRole('button', { name: 'Stay signed in' })).toHaveFocus();
      if (way === 'Escape') screen.getByRole('alertdialog').dispatchEvent(new Event('cancel', { cancelable: true }));
      else await userEvent.click(screen.getByRole('button', { name: way }));
      await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
      await expect(wind).toHaveFocus();
    }
    await userEvent.click(wind);
    await screen.findByRole('alertdialog');
  },
};

/** The same dialog for a session that cannot be made longer: it ends 15 minutes after the sign-in. */
export const WarningThatCannotStay: Story = {
  ...withSetup({
    hasClock: true,
    async prepare(setup) {
      limitSession(setup.auth, { maxSessionMs: 15 * MINUTE });
      await setup.signIn();
    },
  }),
  render: (_args, { loaded }) => <Page setup={setupOf(loaded)} title="SessionEndWarning"><Field /><SessionEndWarning /></Page>,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: '+14 min' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Stay signed in' }));
    await expect((await screen.findAllByText('This session cannot be made longer. Save your work.'))[0]).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  },
};

/** The session is over, but the API has not said so yet: it answers the next call with 450, and refuses the refresh. */
const lost = withSetup({
  hasClock: true,
  async prepare(setup) {
    holdCalls(setup.auth);
    await setup.signIn();
    setup.api.endSession({}, 460);
  },
});

/** `<SessionLost>` and `<SignedInOrHeld>`: the same user signs in again, the text is still there, and the request goes on. */
export const SignInAgainInPlace: Story = {
  ...lost,
  parameters: codeOf(draftCode),
  render: (_args, { loaded }) => <Page setup={setupOf(loaded)} title="A draft"><Draft protocol={setupOf(loaded).protocol} /></Page>,
  play: async ({ canvas, userEvent }) => {
    const text = await canvas.findByRole<HTMLTextAreaElement>('textbox');
    await userEvent.type(text, 'A long text.');
    await userEvent.click(canvas.getByRole('button', { name: 'Send' }));
    await expect(await screen.findByText(/and 1 request waits/)).toBeVisible();
    await expect(text).not.toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Sign in as Ember' }));
    await expect(await canvas.findByText('Sent.')).toBeVisible();
    await expect(text).toHaveValue('A long text.');
  },
};

/** Another user signs in: nothing is sent, and the form is mounted anew. */
export const AnotherUserSignsIn: Story = {
  ...lost,
  parameters: codeOf(draftCode),
  render: (_args, { loaded }) => <Page setup={setupOf(loaded)} title="A draft"><Draft protocol={setupOf(loaded).protocol} /></Page>,
  play: async ({ canvas, userEvent, loaded }) => {
    await userEvent.type(await canvas.findByRole('textbox'), 'Of Ember.');
    await userEvent.click(canvas.getByRole('button', { name: 'Send' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in as Cinder' }));
    await waitFor(() => expect(canvas.getByRole('textbox')).toHaveValue(''));
    await expect(setupOf(loaded).api.calls.filter(({ endpoint, status }) => endpoint === 'myPosts' && status === 201)).toEqual([]);
  },
};

const Calls = () => {
  const authedFetch = useAuthedFetch();
  return <button type="button" onClick={() => void authedFetch('/users/me').catch(() => undefined)}>Call the API</button>;
};

/** `holdCalls` without its components: each call waits until the same user is back. */
export const Hold: Story = {
  ...lost,
  render: (_args, { loaded }) => (
    <Page setup={setupOf(loaded)} title="holdCalls">
      <Calls />
      <button type="button" onClick={() => void setupOf(loaded).signIn()}>Sign in again</button>
    </Page>
  ),
  play: async ({ canvas, userEvent, loaded }) => {
    const call = await canvas.findByRole('button', { name: 'Call the API' });
    for (let count = 0; count < 3; count++) await userEvent.click(call);
    const { api, auth } = setupOf(loaded);
    await waitFor(() => expect(auth.getSnapshot().endReason).toBe('login_required'));
    await userEvent.click(canvas.getByRole('button', { name: 'Sign in again' }));
    await waitFor(() => expect(api.calls.filter(({ status }) => status === 200 && api.calls.length > 0).length).toBeGreaterThanOrEqual(3));
  },
};
