export { AuthDevtools, type AuthDevtoolsProps } from './devtools/no-devtools.ts';
