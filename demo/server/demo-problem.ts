/** Something that the person who starts the demo can mend; the message says how. */
export class DemoProblem extends Error {
  override readonly name = 'DemoProblem';
}
