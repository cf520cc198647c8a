import type { BenchCase } from './bench-case';
import { PIPELINE_CASE } from './pipeline';
import { REAL_N8N_CASE } from './real-n8n';
import { REGEX_SPEED_CASE } from './regex-speed';

/** All that is measured, in the order of the page. */
export const BENCH_CASES: readonly BenchCase[] = [REAL_N8N_CASE, PIPELINE_CASE, REGEX_SPEED_CASE];
