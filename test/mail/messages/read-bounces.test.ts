import { describe, expect, it } from 'vitest';
import { readStatus } from '../../../nodes/mail/messages/read-bounces';

const lines = (...all: string[]) => Buffer.from(all.join('\r\n'));

describe('the status of a bounce', () => {
	it('tells of every recipient (RFC 3464)', () => {
		const status = lines(
			'Reporting-MTA: dns; mx.zion.com',
			'',
			'Final-Recipient: rfc822; neo@zion.com',
			'Action: Failed',
			'Status: 5.1.1',
			'Diagnostic-Code: smtp; 550 5.1.1',
			' User unknown',
			'',
			'Original-Recipient: rfc822;trinity@zion.com',
			'Action: delayed',
			'',
		);
		expect(readStatus(status)).toStrictEqual({
			reportingMta: 'mx.zion.com',
			recipients: [
				{
					recipient: 'neo@zion.com',
					action: 'failed',
					status: '5.1.1',
					diagnosticCode: '550 5.1.1 User unknown',
				},
				{ recipient: 'trinity@zion.com', action: 'delayed', status: null, diagnosticCode: null },
			],
		});
	});

	it('has bounds', () => {
		const block = ['', `Final-Recipient: rfc822; ${'x'.repeat(5_000)}@zion.com`, 'Action: failed'];
		const { recipients } = readStatus(lines('Reporting-MTA: x', ...Array(100).fill(block).flat()));
		expect(recipients).toHaveLength(20);
		expect(recipients[0]?.recipient?.length).toBeLessThanOrEqual(500);
	});

	it('is empty where there is nothing to read', () => {
		expect(readStatus(Buffer.alloc(0))).toStrictEqual({ reportingMta: null, recipients: [] });
	});
});
