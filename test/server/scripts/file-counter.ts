import { writeSync } from 'node:fs';
import { file } from 'unexpired/server/file';

/** Counts in the row `counter` up by compare-and-set, and prints a line for each step that it has made. */
const [directory = '', steps = '1'] = process.argv.slice(2);
const store = file(directory);
let row = await store.read('counter', 60_000);
for (let done = 0; done < Number(steps); ) {
  if (!row) throw new Error('The row is gone.');
  const next = { text: String(Number(row.text) + 1), etag: `${process.pid}-${done}`, lease: null, isEnded: false };
  const write = await store.replace('counter', row.etag, next);
  if (write.isDone) {
    writeSync(1, 'step\n');
    done += 1;
    row = await store.read('counter', 60_000);
  } else {
    row = write.row;
  }
}
