/** What a script of the page can read. It has no token, only how long each one is. */
export interface ScriptFinds {
  /** The length of each token in IndexedDB, characters; `null` if it is not there. */
  readonly accessToken: number | null;
  readonly refreshToken: number | null;
  /** The public name of the session on a server, which is no secret; `null` if there is none. */
  readonly sessionName: string | null;
  /** The names of the cookies in `document.cookie`. */
  readonly cookies: readonly string[];
}

/** Reads all that a script can read, without the help of the client, as a foreign script would. */
export async function readAsScript(storageKey: string): Promise<ScriptFinds> {
  const record = JSON.parse((await storedRecord(storageKey)) ?? '{}') as { session?: { tokens?: Readonly<Record<string, unknown>> & { readonly extra?: { readonly session?: unknown } } } };
  const { accessToken, refreshToken, extra } = record.session?.tokens ?? {};
  const sessionName = typeof extra?.session === 'string' ? extra.session : null;
  const cookies = document.cookie.split('; ').filter(Boolean).map((cookie) => cookie.split('=')[0] ?? '');
  // Behind a server, the client keeps the name of the session in the place of the token.
  return { accessToken: accessToken === sessionName ? null : lengthOf(accessToken), refreshToken: lengthOf(refreshToken), sessionName, cookies };
}

function lengthOf(token: unknown): number | null {
  return typeof token === 'string' && token !== '' ? token.length : null;
}

async function storedRecord(key: string): Promise<string | undefined> {
  const database = await resultOf(indexedDB.open('unexpired'));
  try {
    return await resultOf(database.transaction('sessions').objectStore('sessions').get(key) as IDBRequest<string | undefined>);
  } finally {
    database.close();
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB did not answer.'));
  });
}
