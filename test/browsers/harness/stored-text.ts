/** Returns the content of this origin's databases and of this tab's storage areas, as text. */
export async function storedText(): Promise<string> {
  const databases = await indexedDB.databases();
  const contents = await Promise.all(databases.map(({ name = '' }) => contentsOf(name)));
  return JSON.stringify([...contents, { ...localStorage }, { ...sessionStorage }], readable);
}

async function contentsOf(name: string): Promise<unknown> {
  const database = await settled(indexedDB.open(name));
  const stores = [...database.objectStoreNames].map(async (storeName) => {
    const store = database.transaction(storeName).objectStore(storeName);
    const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
    return { name, storeName, keys, values };
  });
  return Promise.all(stores).finally(() => database.close());
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Turns keys and bytes into text, because JSON would drop them and a token could hide there. */
function readable(_: string, value: unknown): unknown {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value);
  if (globalThis.CryptoKey && value instanceof CryptoKey) return `a key for ${value.usages.toSorted().join()}, extractable: ${value.extractable}`;
  return value;
}
