import limits from '../../.sizes.json';

/** The sizes that the tests enforce. */
export function SizeLimits() {
  return <ul>{limits.map(({ name, limit }) => <li key={name}>{name}: {limit}</li>)}</ul>;
}
