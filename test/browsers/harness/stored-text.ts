/** What this origin's database holds, as text. */
export function storedText(): Promise<string> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('unexpired');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const reading = database.transaction('sessions').objectStore('sessions').getAll();
      reading.onerror = () => reject(reading.error);
      reading.onsuccess = () => {
        database.close();
        resolve(JSON.stringify(reading.result));
      };
    };
  });
}
