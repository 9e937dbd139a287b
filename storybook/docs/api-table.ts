import readme from '../../README.md?raw';

/** The rows of the README's table of public names: the name, and what it is. */
export const API_TABLE: readonly (readonly string[])[] = readme
  .slice(readme.indexOf('| name |'))
  .split('\n\n')[0]!
  .split('\n')
  .slice(2) // its head
  .map((row) => row.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim().replaceAll('\\|', '|')));
