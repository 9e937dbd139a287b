const WIDTH = 30;

/** Shows how far the worlds are: a bar on a terminal, a line for each tenth elsewhere. */
export function createProgress(total, out = process.stdout) {
  const startedAt = Date.now();
  let tenth = 0;

  function text(done, breaches) {
    const seconds = (Date.now() - startedAt) / 1000;
    const left = done === 0 ? '' : `, ${Math.ceil((seconds / done) * (total - done))} s left`;
    return `${done} of ${total} worlds, ${breaches} violations, ${Math.round(seconds)} s${left}`;
  }

  return {
    show(done, breaches) {
      if (out.isTTY) {
        const full = Math.round((done / total) * WIDTH);
        out.write(`\r\u001b[2K[${'█'.repeat(full)}${'·'.repeat(WIDTH - full)}] ${text(done, breaches)}`);
      } else if (Math.floor((done / total) * 10) > tenth) {
        tenth = Math.floor((done / total) * 10);
        out.write(`${text(done, breaches)}\n`);
      }
    },
    clear: () => void (out.isTTY && out.write('\r\u001b[2K')),
  };
}
