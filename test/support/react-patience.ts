import { configure } from '@testing-library/react';
import { patience } from './pace.ts';

configure({ asyncUtilTimeout: patience(15_000) });
