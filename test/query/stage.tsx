import { act, render } from '@testing-library/react';
import { QueryClient, type QueryClientConfig } from '@tanstack/react-query';
import { StrictMode, type ReactNode } from 'react';
import { AuthProvider, useAuth, type AuthClient, type TokenSet } from 'unexpired';
import { AuthQueryProvider, authRetry, authRetryDelay } from 'unexpired/query';
import { expect } from 'vitest';
import { createScene, type Scene } from '../support/scene.ts';

/** A page with a query cache, in a simulated browser in front of the embedded API. */
export interface Stage {
  readonly scene: Scene;
  readonly auth: AuthClient;
  readonly queryClient: QueryClient;
  /** Signs in without asking the network, so that others' requests stay in flight. */
  readonly enter: (botId: string) => Promise<void>;
  readonly leave: () => Promise<void>;
  /** Goes on in time until what is claimed holds. */
  readonly until: (claim: () => void) => Promise<void>;
  readonly advance: (ms: number) => Promise<void>;
  /** Renders below the providers, in StrictMode. */
  readonly show: (tree: ReactNode) => HTMLElement;
  /** Whose session it is, by the bot's name. */
  readonly userOf: (sessionId: string | null) => string | null;
  /** Every token that was ever given out. */
  readonly secrets: readonly string[];
}

export async function createStage(config: QueryClientConfig = {}): Promise<Stage> {
  const scene = createScene({ rotateRefreshTokens: true });
  const { auth } = scene.open();
  const queryClient = new QueryClient({
    ...config,
    defaultOptions: { queries: { retry: authRetry, retryDelay: (count, error) => authRetryDelay(count, error, scene.world.now) }, ...config.defaultOptions },
  });
  const { tokens } = await scene.world.until(requestAll(scene, auth));
  const users = new Map<string, string>();
  let entering = '';
  const secrets = new Set(Object.values(tokens).flatMap(secretsOf));
  auth.subscribe(() => {
    const { sessionId, tokens: held } = auth.getSnapshot();
    if (sessionId !== null && !users.has(sessionId)) users.set(sessionId, entering);
    if (held) for (const secret of secretsOf(held)) secrets.add(secret);
  });

  const advance = (ms: number) =>
    act(async () => {
      await scene.world.advance(ms);
      await new Promise((resolve) => setTimeout(resolve)); // TanStack tells its observers by a timer of 0 ms.
    });

  return {
    scene,
    auth,
    queryClient,
    async enter(botId) {
      entering = botId;
      await unhurried(() => scene.world.until(auth.signIn(tokens[botId]!)));
    },
    leave: () => unhurried(() => scene.world.until(auth.signOut())),
    advance,
    async until(claim) {
      for (let turns = 0; ; turns++) {
        await advance(10);
        try {
          return claim();
        } catch (error) {
          if (turns === 100) throw error;
        }
      }
    },
    show(tree) {
      const { container } = render(
        <StrictMode>
          <AuthProvider client={auth}>
            <AuthQueryProvider client={auth} queryClient={queryClient}>{tree}</AuthQueryProvider>
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

/** Lets React render when it does so in a page: `act` would hold renders back behind timers that come after them. */
export async function unhurried(task: () => Promise<unknown>): Promise<void> {
  const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
  environment.IS_REACT_ACT_ENVIRONMENT = false;
  try {
    await task();
  } finally {
    environment.IS_REACT_ACT_ENVIRONMENT = true;
  }
}

async function requestAll(scene: Scene, auth: AuthClient): Promise<{ tokens: Record<string, TokenSet> }> {
  return { tokens: await auth.requestTokens(scene.protocol.createBotTokens(['ember', 'cinder'])) };
}

// The signature and the middle of the claims: a part that is cut out is found as well.
function secretsOf({ accessToken, refreshToken }: TokenSet): string[] {
  return [accessToken.slice(-24), refreshToken?.slice(-12)].filter((secret) => secret !== undefined);
}

/** What a component has shown, render by render: for whom, and whose data. */
export interface Seen {
  readonly user: string | null;
  readonly shown: unknown;
}

/** Notes what a render shows, and to whom. */
export function useNotes(stage: Stage, notes: Seen[], shown: unknown): void {
  useAuth(); // Renders at the very change of the session: the moment in which the last user's data could still be there.
  notes.push({ user: stage.userOf(stage.auth.getSnapshot().sessionId), shown });
}

/** Nobody was ever shown what belongs to somebody else. */
export function expectNoForeignData(notes: readonly Seen[]): void {
  expect(notes.filter(({ user, shown }) => shown !== undefined && shown !== user)).toEqual([]);
}

export interface Me {
  readonly attributes: { readonly username: string };
}

/** The name the API knows the caller by. */
export async function readName(response: Response): Promise<string> {
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return ((await response.json()) as { data: Me }).data.attributes.username;
}
