// Runs before each test file that uses React.
import { configure } from '@testing-library/react';
import { patience } from './pace.ts';

configure({ asyncUtilTimeout: patience(15_000) });

// The files share their globals, and one may have set this.
delete (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT;
