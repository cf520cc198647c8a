import { ACCOUNTS_CASE } from './accounts';
import { ATTACHMENTS_CASE } from './attachments';
import type { BenchCase } from './bench-case';
import { LATENCY_CASE } from './latency';
import { MAIL_FETCHERS_CASE } from './mail-fetchers';
import { MAILBOX_SIZE_CASE } from './mailbox-size';
import { MEMORY_CASE } from './memory';
import { N8N_FLOOR_CASE } from './n8n-floor';
import { PIPELINE_CASE } from './pipeline';
import { REAL_N8N_CASE } from './real-n8n';
import { REGEX_SPEED_CASE } from './regex-speed';
import { RULE_COUNT_CASE } from './rule-count';

/** All that is measured, in the order of the page. */
export const BENCH_CASES: readonly BenchCase[] = [
	REAL_N8N_CASE,
	N8N_FLOOR_CASE,
	ATTACHMENTS_CASE,
	LATENCY_CASE,
	PIPELINE_CASE,
	MAIL_FETCHERS_CASE,
	MAILBOX_SIZE_CASE,
	MEMORY_CASE,
	RULE_COUNT_CASE,
	ACCOUNTS_CASE,
	REGEX_SPEED_CASE,
];
