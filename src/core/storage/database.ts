/** Opens a database; unlike idb-keyval's own connection this one gives way to a page that deletes or upgrades it. */
export async function openDatabase(name: string, storeName: string): Promise<IDBDatabase> {
  const { indexedDB } = globalThis; // Reading it throws where the browser blocks it.
  if (!indexedDB) throw new Error('there is no IndexedDB here');
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      resolve(database);
    };
  });
}
