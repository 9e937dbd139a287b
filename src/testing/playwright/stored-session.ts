/** Runs in the page before the app. It stores a session in a database that does not exist yet, so a later page does not get it again. */
export function putInDatabase({ key, text, databaseName }: { readonly key: string; readonly text: string; readonly databaseName: string }): void {
  const request = indexedDB.open(databaseName);
  request.onupgradeneeded = () => {
    // The upgrade is one transaction, so the app never finds the store without the session.
    request.result.createObjectStore('sessions').put(text, key);
  };
  request.onsuccess = () => request.result.close();
}
