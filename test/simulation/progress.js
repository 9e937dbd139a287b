const WIDTH = 30;

/** Shows the progress of a campaign: as a bar on a terminal, else as a line for each tenth. */
export function createProgress(total, out = process.stdout) {
  const startedAt = Date.now();
  let tenth = 0;

  function text(done, violations) {
    const seconds = (Date.now() - startedAt) / 1000;
    const left = done === 0 ? '' : `, ${Math.ceil((seconds / done) * (total - done))} s left`;
    return `${done} of ${total} worlds, ${violations} violations, ${Math.round(seconds)} s${left}`;
  }

  return {
    show(done, violations) {
      if (out.isTTY) {
        const full = Math.round((done / total) * WIDTH);
        out.write(`\r\u001b[2K[${'█'.repeat(full)}${'·'.repeat(WIDTH - full)}] ${text(done, violations)}`);
      } else if (Math.floor((done / total) * 10) > tenth) {
        tenth = Math.floor((done / total) * 10);
        out.write(`${text(done, violations)}\n`);
      }
    },
    clear: () => void (out.isTTY && out.write('\r\u001b[2K')),
  };
}
