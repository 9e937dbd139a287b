import { act, render } from '@testing-library/react';
import { QueryClient, type QueryClientConfig } from '@tanstack/react-query';
import { StrictMode, type ReactNode } from 'react';
import { AuthProvider, requestTokens, useAuth, type AuthClient, type TokenSet } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import { AuthQueryProvider, authRetry, authRetryDelay } from 'unexpired/query';
import { expect } from 'vitest';
import { createSetup, type Setup } from '../support/setup.ts';

/** An app with a query cache, in a simulated browser in front of the embedded API. */
export interface TestApp {
  readonly setup: Setup;
  readonly auth: AuthClient;
  readonly queryClient: QueryClient;
  /** Signs in without a request, so that the former user's requests stay in flight. */
  readonly signIn: (botId: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
  /** Advances time until the assertion holds. */
  readonly until: (assertion: () => void) => Promise<void>;
  readonly advance: (ms: number) => Promise<void>;
  /** Renders a tree below the providers, in StrictMode. */
  readonly render: (tree: ReactNode) => HTMLElement;
  /** The name of the bot that a session belongs to. */
  readonly userOf: (sessionId: string | null) => string | null;
  /** The end of every token that the API has issued. */
  readonly secrets: readonly string[];
}

export async function createTestApp(config: QueryClientConfig = {}): Promise<TestApp> {
  const setup = createSetup({ rotateRefreshTokens: true });
  const { auth } = setup.open();
  const queryClient = new QueryClient({
    ...config,
    defaultOptions: { queries: { retry: authRetry, retryDelay: (count, error) => authRetryDelay(count, error, setup.world.now) }, ...config.defaultOptions },
  });
  const { tokens } = await setup.world.until(requestAll(setup, auth));
  const users = new Map<string, string>();
  let signingIn = '';
  const secrets = new Set(Object.values(tokens).flatMap(secretsOf));
  auth.subscribe(() => {
    const { sessionId, tokens: held } = auth.getSnapshot();
    if (sessionId !== null && !users.has(sessionId)) users.set(sessionId, signingIn);
    if (held) for (const secret of secretsOf(held)) secrets.add(secret);
  });

  const advance = (ms: number) =>
    act(async () => {
      await setup.world.advance(ms);
      await new Promise((resolve) => setTimeout(resolve)); // TanStack notifies its observers in a timer of 0 ms.
    });

  return {
    setup,
    auth,
    queryClient,
    async signIn(botId) {
      signingIn = botId;
      await withoutAct(() => setup.world.until(auth.signIn(tokens[botId]!)));
    },
    signOut: () => withoutAct(() => setup.world.until(auth.signOut())),
    advance,
    async until(assertion) {
      for (let turns = 0; ; turns++) {
        await advance(10);
        try {
          return assertion();
        } catch (error) {
          if (turns === 100) throw error;
        }
      }
    },
    render(tree) {
      const { container } = render(
        <StrictMode>
          <AuthProvider client={auth}>
            <AuthQueryProvider queryClient={queryClient}>{tree}</AuthQueryProvider>
          </AuthProvider>
        </StrictMode>,
      );
      return container;
    },
    userOf: (sessionId) => (sessionId === null ? null : (users.get(sessionId) ?? 'unknown')),
    get secrets() {
      return [...secrets];
    },
  };
}

/** Lets React schedule its renders as in a page, because `act` would delay them behind later timers. */
export async function withoutAct(task: () => Promise<unknown>): Promise<void> {
  const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
  environment.IS_REACT_ACT_ENVIRONMENT = false;
  try {
    await task();
  } finally {
    environment.IS_REACT_ACT_ENVIRONMENT = true;
  }
}

async function requestAll(setup: Setup, auth: AuthClient): Promise<{ tokens: Record<string, TokenSet> }> {
  return { tokens: await requestTokens(auth, createBotTokens(setup.protocol, ['ember', 'cinder'])) };
}

// The end of each token, so that a search also finds a token whose beginning was cut off.
function secretsOf({ accessToken, refreshToken }: TokenSet): string[] {
  return [accessToken.slice(-24), typeof refreshToken === 'string' ? refreshToken.slice(-12) : undefined].filter((secret) => secret !== undefined);
}

/** One render of a component: the user who is signed in, and the user whose data it shows. */
export interface RenderRecord {
  readonly user: string | null;
  readonly shown: unknown;
}

/** Records what each render shows, and to which user. */
export function useRecord(app: TestApp, records: RenderRecord[], shown: unknown): void {
  useAuth(); // Renders as soon as the session changes, when the former user's data could still be there.
  records.push({ user: app.userOf(app.auth.getSnapshot().sessionId), shown });
}

/** Expects that no render showed one user the data of another. */
export function expectNoForeignData(records: readonly RenderRecord[]): void {
  expect(records.filter(({ user, shown }) => shown !== undefined && shown !== user)).toEqual([]);
}

export interface Me {
  readonly attributes: { readonly username: string };
}

/** The caller's name in the API's answer. */
export async function readName(response: Response): Promise<string> {
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return ((await response.json()) as { data: Me }).data.attributes.username;
}
