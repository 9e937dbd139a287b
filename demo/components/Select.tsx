import { useId } from 'react';

interface SelectProps<T extends string | number> {
  readonly label: string;
  readonly options: readonly (readonly [value: T, label: string])[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

/** A labelled list of options. */
export function Select<T extends string | number>({ label, options, value, onChoose }: SelectProps<T>) {
  const id = useId();
  const choose = (index: number) => options.slice(index, index + 1).forEach(([chosen]) => onChoose(chosen));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => choose(event.target.selectedIndex)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
