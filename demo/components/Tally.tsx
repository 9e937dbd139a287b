/** A count and its name. */
export function Tally({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-tally={name}>{value}</dd>
    </div>
  );
}
