/** A row: the name, and what it is. Code is in backticks. */
type Row = readonly [name: string, what: string];

/** All public names by entry of the package, for the page "API"; a test compares them with what each entry exports. */
export const API_TABLE = {
  'unexpired/core': [
    ['`createAuthClient({ protocol, storage?, storageKey?, leadMs?, allowedOrigins?, endWhen?, accessToken?, platform? })`', 'Creates the client.'],
    ['`client.fetch(input, init?)`', '`fetch` with the token. A path continues the base URL. An `authorization` header of your own is sent unchanged.'],
    ['`client.fetchWith(entries, { session? })`', 'Creates a `fetch` with additional interceptors. With `session: \'optional\'`, a call is sent without a token if there is none.'],
    ['`client.ready()`', 'Resolves to the snapshot once it is known who is signed in. Starts the client. Rejects with `disposed`.'],
    ['`client.signIn(tokens | function | grant)`', 'Starts the session, in all tabs.'],
    ['`client.signOut()`', 'Ends the session, in all tabs, without waiting for the network.'],
    ['`client.getAccessToken({ minValidityMs?, signal? })`', 'Resolves to a token that can be used now.'],
    ['`client.refresh()`', 'Refreshes now, or joins the refresh in flight.'],
    ['`client.intercept(entry)`', 'Adds an interceptor: a function, or `{ interceptor, scope }`. The scope `call` wraps the whole call, refresh and replay included. The scope `send` wraps each send. Returns a function that removes it.'],
    ['`client.getSnapshot()`, `client.subscribe(listener)`', '`status`, `endReason`, `sessionId`, `tokens`, `refresh`, `receipt`, `clockOffset`, `storage`.'],
    ['`client.storageKey`', 'Names the session. Clients with the same key share it.'],
    ['`client.dispose()`', 'Releases every listener, timer and channel.'],
    ['`createSessionSignal(client)`', 'Creates a function that returns an `AbortSignal` of the current session. The signal aborts when the session ends in any tab.'],
    ['`AuthError`', 'The one error: `code`, `transient`, `retryAt`, `endReason`, `apiCode`, `field`. `AuthError.is(value)` recognises it.'],
    ['`defineProtocol({ name, baseUrl, refreshRequest, readRefresh, isRejection, … })`', 'Creates the protocol of your own API from pure functions.'],
    ['`createTokenReplacer(client)`', 'Creates a function that replaces a token that the API has rejected, for a transport of your own. It recognises the last 20 tokens of the session.'],
    ['`observe(client, observer)`', 'Reports calls, replays, refresh requests, refusals, locks, writes and records that cannot be read. No event contains a token.'],
    ['`requestTokens(client, grant)`', 'Sends a grant and resolves to token sets by subject, without signing in.'],
    ['`restoreSession(client)`', 'Asks the API whether the cookie of the refresh token has a session, for example after a sign-in by your server. Resolves to the snapshot.'],
    ['`defineGrant({ request, read })`', 'Makes a grant of your own API for `signIn`. It yields exactly one token set.'],
    ['`classifyFailure(answer, endReason?)`', 'For `readRefresh`: classifies an answer without tokens. 408, 425, 429 and 5xx are transient. Any other status ends the session if you pass an `endReason`, and is transient if not.'],
    ['`invalidResponse(problem)`', 'For `readRefresh`: the answer could not be read. The session stays. If the API itself answered (a 2xx with a JSON object), the refresh is blocked until `refresh()`.'],
    ['`indexedDB(name?)`', 'Keeps the session in IndexedDB, for all tabs. The default.'],
    ['`encrypted(inner, keys?)`', 'Keeps the session in another storage, encrypted (AES-GCM) with a key that cannot be exported. It protects from dumps and from readers of the values. It does not protect from script in the page, nor from a copy of the whole browser profile.'],
    ['`fromLocalStorage(inner?)`', 'Keeps the session in another storage, and moves the one that an earlier version kept in `localStorage`.'],
    ['`sessionStorage()`', 'Keeps the session for one tab and its reloads. A duplicated tab starts signed out.'],
    ['`memory()`', 'Keeps the session for one page.'],
    ['`browserPlatform()`', 'The default `platform`. Spread it to replace a part.'],
    ['`decodeClaims(token)`', 'The claims of a JWT, or `null` for an opaque token.'],
  ],
  'unexpired': [
    ['`<AuthProvider client initialSession?>` or `<AuthProvider config initialSession?>`', 'Gives the tree its client, or creates and owns one. `initialSession` is the session that the server saw when it rendered the page.'],
    ['`useAuth()`', '`status`, `endReason`, `sessionId`, `signIn`, `signOut`, `client`. A refresh does not re-render it.'],
    ['`useAccessToken()`', '`accessToken`, `expiresAt` (epoch ms by the device’s clock), `extra`, `isRefreshing`, `error`, `refresh`. Re-renders only for the fields that you read.'],
    ['`useSuspenseAccessToken()`', 'As `useAccessToken()`, but `accessToken` is never `null`: it suspends until it is known who is signed in, and throws `signed_out` to the error boundary.'],
    ['`useAuthedFetch({ interceptors?, session? })`', '`client.fetch` as one function for the component’s life.'],
    ['`<SignedIn>`, `<SignedOut>`', 'Show their children in that status.'],
  ],
  'unexpired/bonfire': [
    ['`bonfire({ baseUrl, appKey, bodyEncoding?, isRejection?, mayReject?, refreshToken?, csrfHeader?, hintCookie?, signOutPath? })`', 'Creates the protocol. With `refreshToken: \'cookie\'`, the browser keeps the refresh token. Its `tokenRequest(path, fields)` makes the request of a grant.'],
    ['`createBotTokens(protocol, botIds)`', 'Makes the grant of bots, for `signIn` and `requestTokens`.'],
    ['`fromAccessTokenObject(object)`', 'Converts an `access_token` object to the tokens that `signIn` takes.'],
  ],
  'unexpired/oauth2': [
    ['`oauth2({ tokenEndpoint, clientId, resourceOrigins, baseUrl?, revocationEndpoint?, parameters?, keep?, isRejection?, isFinal?, mayReject?, refreshToken?, csrfHeader?, hintCookie?, signOutEndpoint? })`', 'Creates the protocol. With `refreshToken: \'cookie\'`, the browser keeps the refresh token. Its `extraOf(tokens)` returns the members that `keep` names, with their types.'],
    ['`fromTokenResponse(response, receivedAt, keep?)`', 'Converts the JSON of a token response to the tokens that `signIn` takes. `receivedAt` is `Date.now()` when it arrived, and `keep` the `keep` of the protocol.'],
  ],
  'unexpired/via-server': [
    ['`viaServer({ basePath?, apiPath? })`', 'Creates the protocol of a page whose server keeps all tokens with `unexpired/server`. Calls go to the proxy of the server.'],
    ['`viaServer({ tokens: \'page\', baseUrl, basePath?, isRejection? })`', 'The same if the page gets its access token from the server and calls the API itself.'],
    ['`serverSignIn(protocol, body?)`', 'Makes the grant that signs in at the server, for `signIn`. `body` is an object, sent as JSON.'],
    ['`watchServer(client, { EventSource? })`', 'Keeps one connection to the server over all tabs while a user is signed in, so that open pages follow the server within a second. Returns a function that ends it.'],
  ],
  'unexpired/query': [
    ['`<AuthQueryProvider queryClient?>` or `bindQueryClient(client, queryClient)`', 'Makes the query cache follow the session.'],
    ['`useAuthedQuery`, `useAuthedSuspenseQuery`, `useAuthedInfiniteQuery`, `useAuthedMutation`', 'TanStack’s hooks. Their function gets `authedFetch` in its context.'],
    ['`authedQueryOptions(client, options)`', 'The options of an authed query, for loaders and prefetching.'],
    ['`useSessionId()`', 'The session whose data the cache holds.'],
    ['`authRetry`, `authRetryDelay`', 'No retry after a final `AuthError`, one at `retryAt` after a transient one, and TanStack’s defaults for other errors.'],
    ['`authedPersister(client, persister)`', 'Persists a query cache for one session.'],
  ],
  'unexpired/devtools': [['`<AuthDevtools client position? initialOpen?>`', 'A button and a panel. Nothing in a production build.']],
  'unexpired/server': [
<<<<<<< Updated upstream
    ['`createSessions({ protocol, secrets, store?, cookie?, idleMs?, absoluteMs?, leadMs?, allowedOrigins?, staleMs?, basePath?, signIn?, tokens?, proxy?, platform? })`', 'Creates the sessions of an app on a server. Its members are `of`, `signIn`, `handler`, `proxy`, `list`, `endAll` and `close`.'],
=======
    ['`createSessions({ protocol, secrets, store?, cookie?, idleMs?, absoluteMs?, leadMs?, allowedOrigins?, staleMs?, basePath?, signIn?, tokens?, backChannelLogout?, platform? })`', 'Creates the sessions of an app on a server. Its members are `of`, `signIn`, `handler`, `list`, `endAll` and `close`.'],
>>>>>>> Stashed changes
    ['`errorResponse(error, now?)`', 'Creates the HTTP answer for an error: 401 if the user has to sign in, 503 with `Retry-After` if there is no token just now.'],
    ['`memory(platform?)`', 'Keeps the sessions in the memory of one process. The default.'],
    ['`serverPlatform()`', 'Clocks, timers, `fetch` and WebCrypto of a server, to replace single members.'],
    ['`AuthError`', 'The one error, as in `unexpired/core`.'],
  ],
  'unexpired/server/file': [['`file(directory)`', 'Keeps the sessions of a command-line tool in files. Processes may use one directory at the same time.']],
  'unexpired/server/postgres': [
    ['`postgres(pool, { table? }?)`', 'Keeps the sessions of a server in a table of Postgres, by your pool of `pg`. `sweep()` of the store deletes rows that are over.'],
    ['`postgresSchema(table?)`', 'Returns the SQL that creates the table, for your migrations. `unexpired/server/postgres.sql` has it as a file.'],
  ],
  'unexpired/server/redis': [['`redis(client, { prefix? }?)`', 'Keeps the sessions of a server in Redis 7 or Valkey, by your client of `redis` or `ioredis`, also of a cluster.']],
  'unexpired/server/testing': [['`checkStoreContract(createStore, { wait? }?)`', 'Checks a store of your own for the sessions of a server. The error lists each rule that it breaks.']],
  'unexpired/testing': [
    ['`createBonfireApi(options)`', 'An embedded API: `fetch`, faults, revocation, a log.'],
    ['`createCookieJar(send, { page?, now? })`', 'The cookies of one browser, for an API with `refreshToken: \'cookie\'`. All tabs of a test send through its `fetch`.'],
    ['`isConnectionDrop(error)`, `ConnectionDrop`', 'Returns whether a fault has broken the connection. `ConnectionDrop` is the error of such a fault.'],
    ['`createTestClock(startAt?)`', 'A clock for a client and its API. A test moves it with `advance(ms)`.'],
    ['`simulate(client, \'expired\' | \'offline\' | \'online\')`', 'Makes one tab treat its token as expired, or its network as down.'],
    ['`buildTokenSet(options?)`, `buildJwt(claims)`', 'Tokens that can be read and that no API accepts.'],
    ['`checkStorageContract(open)`', 'Checks that a storage of your own keeps what `AuthStorage` promises.'],
  ],
  'unexpired/testing/react': [['`renderWithAuth(ui, options?)`', 'Testing Library’s `render`, signed in, with an embedded API.']],
  'unexpired/testing/msw': [['`bonfireHandlers(api, baseUrl)`', 'Handlers that answer with an embedded API.']],
  'unexpired/testing/playwright': [['`bonfireFixtures(options)`', '`api` and `signInAs` for Playwright’s tests.']],
} satisfies Record<string, readonly Row[]>;

/** An entry of the package. */
export type Entry = keyof typeof API_TABLE;
