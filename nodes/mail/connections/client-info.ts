/**
 * How connections introduce themselves (RFC 2971), so that whoever runs the server writes to the right people. The
 * version and the page are those of package.json, which a test holds together.
 */
export const CLIENT_INFO = {
	name: 'n8n-nodes-imap-ingest',
	version: '0.1.0',
	vendor: 'n8n-nodes-imap-ingest contributors',
	'support-url': 'https://github.com/panoramicdata/n8n-nodes-imap-ingest/issues',
} as const;
