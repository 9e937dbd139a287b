const WIDTH = 24;

/** Shows progress as a bar on a terminal, and as plain lines elsewhere. */
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
