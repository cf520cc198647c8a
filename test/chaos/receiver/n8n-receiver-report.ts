import type { N8nReceiverResult } from './n8n-receiver-run';

const PLACE = /(<!-- n8n receiver -->\n)[^]*(\n<!-- \/n8n receiver -->)/;
const HEAD = [
	'| Trigger | Alerts | kill -9 | Calls | Through as the faults ended | All through after | In quarantine |',
	'| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
];

/** Whether all alerts are through and none is in quarantine. */
export function isThrough({ minutes, left, quarantined }: N8nReceiverResult): boolean {
	return minutes !== undefined && left + quarantined === 0;
}

/** Puts the table into the document in place of the last one. */
export function putN8nReceiver(document: string, results: readonly N8nReceiverResult[]): string {
	if (!PLACE.test(document)) throw new Error('The document has no place for the results');
	const table = [...HEAD, ...results.map(toRow)].join('\n');
	return document.replace(PLACE, `$1\n${table}\n$2`);
}

function toRow({
	trigger,
	alerts,
	kills,
	calls,
	throughAtEnd,
	...rest
}: N8nReceiverResult): string {
	const after = rest.minutes === undefined ? 'NEVER' : `${rest.minutes.toFixed(1)} min`;
	const counts = [alerts, kills, calls, throughAtEnd].map((count) => count.toLocaleString('en'));
	return `| ${[trigger, ...counts, after, rest.quarantined].map(String).join(' | ')} |`;
}
