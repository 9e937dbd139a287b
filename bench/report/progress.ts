const WIDTH = 24;

/** A bar on the terminal; plain lines where there is none. */
export function showProgress(total: number): { show: (name: string, done: number) => void; clear: () => void } {
  const { isTTY } = process.stderr;
  return {
    show(name, done) {
      const filled = Math.round((done / total) * WIDTH);
      const line = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done + 1} of ${total}: ${name}`;
      process.stderr.write(isTTY ? `\r\u001b[K${line}` : `${line}\n`);
    },
    clear() {
      if (isTTY) process.stderr.write('\r\u001b[K');
    },
  };
}
