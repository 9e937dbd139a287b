let aheadMs = 0;

const deviceNow = Date.now.bind(Date);

/** Puts this page's clock ahead, as the clock of a laptop that has slept. */
export function moveClock(ms: number): void {
  aheadMs += ms;
}

/** Takes the clock from the tests' world, at load and after the page was kept in the back/forward cache. */
export function followWorldClock(): void {
  Date.now = () => deviceNow() + aheadMs;
  const read = () => {
    // Waited for on the spot: nothing of the page may run by the old clock.
    const request = new XMLHttpRequest();
    request.open('GET', '/clock', false);
    request.send();
    aheadMs = Number(request.responseText);
  };
  read();
  window.addEventListener('pageshow', (event) => event.persisted && read());
}
