let aheadMs = 0;

const deviceNow = Date.now.bind(Date);

/** Moves this page's clock ahead, as on a laptop that has slept. */
export function moveClock(ms: number): void {
  aheadMs += ms;
}

/** Sets the clock to the tests' time at load and when the page is restored from the back/forward cache. */
export function followWorldClock(): void {
  Date.now = () => deviceNow() + aheadMs;
  const read = () => {
    // Synchronous, because no code of the page may run by the old clock.
    const request = new XMLHttpRequest();
    request.open('GET', '/clock', false);
    request.send();
    aheadMs = Number(request.responseText);
  };
  read();
  window.addEventListener('pageshow', (event) => event.persisted && read());
}
