/** Runs in the page, before the app: puts a session into a database that is not there yet, so that no later page gets it again. */
export function putInDatabase({ key, text, databaseName }: { readonly key: string; readonly text: string; readonly databaseName: string }): void {
  const request = indexedDB.open(databaseName);
  request.onupgradeneeded = () => {
    // Inside the upgrade: whoever opens the database after this finds both the store and the session.
    request.result.createObjectStore('sessions').put(text, key);
  };
  request.onsuccess = () => request.result.close();
}

/** Runs in the page, before the app: puts a session where none was ever stored. */
export function putInLocalStorage({ key, text }: { readonly key: string; readonly text: string }): void {
  if (localStorage.getItem(key) === null) localStorage.setItem(key, text);
}
