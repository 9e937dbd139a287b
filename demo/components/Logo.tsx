/** A flame and the app's name. */
export function Logo() {
  return (
    <>
      <svg className="flame" viewBox="0 0 32 32" aria-hidden="true">
        <path className="flame__outer" d="M17 2c1 5 8 8 8 17a9 9 0 0 1-18 0c0-4 2-6 4-9 0 3 1 4 2 5 2-4 4-7 4-13Z" />
        <path className="flame__inner" d="M16.500 15c.5 3 4 4 4 8a4.500 4.500 0 0 1-9 0c0-2 1-3 2-4.500 0 1 .5 1.500 1 2 1-2 2-3 2-5.500Z" />
      </svg>
      Bonfire
    </>
  );
}
