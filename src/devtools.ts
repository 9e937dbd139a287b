'use client';

export { AuthDevtools, type AuthDevtoolsProps } from './devtools/AuthDevtools.tsx';
