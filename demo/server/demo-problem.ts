/** An error that the person who starts the demo can fix; the message says how. */
export class DemoProblem extends Error {
  override readonly name = 'DemoProblem';
}
