import type { IDataObject } from 'n8n-workflow';

import { flood, UNITS } from './hostile-texts';

/** An item that is to break Email Capture, as a webhook or another mail node may bring it. */
export interface HostileItem {
	readonly name: string;
	readonly item: IDataObject;
}

const MIB = 1024 * 1024;
/** An item that every rule can be asked about. */
export const USUAL_ITEM = {
	from: 'trinity@zion.com',
	to: 'neo@example.com',
	cc: '',
	subject: 'alert',
	text: 'Time: 2026-11-23',
};

/** Items with one field that is too much, made one after the other; at `scale` 1 the largest is 27 MiB. */
export function* makeHostileItems(scale = 1): Generator<HostileItem> {
	const addresses = '"a" <a@example.com>, '.repeat(100_000 * scale);
	yield { name: 'recipients in a text', item: { ...USUAL_ITEM, to: addresses } };
	yield { name: 'recipients in a list', item: { ...USUAL_ITEM, to: addresses.split(', ') } };
	yield { name: 'senders in a text', item: { ...USUAL_ITEM, from: addresses } };
	yield { name: 'header fields', item: { ...USUAL_ITEM, headers: toHeaders(50_000 * scale) } };
	yield { name: 'a subject', item: { ...USUAL_ITEM, subject: flood(' ', 5 * MIB * scale) } };
	yield { name: 'HTML', item: toHtmlItem('<p><b>a</b> &amp; b</p>'.repeat(MIB * scale)) };
	for (const unit of UNITS) {
		const content = flood(unit, MIB * scale);
		const shown = JSON.stringify(unit);
		yield { name: `a text of ${shown}`, item: { ...USUAL_ITEM, text: `Time: ${content}` } };
		yield { name: `HTML of ${shown}`, item: toHtmlItem(content) };
	}
}

function toHeaders(count: number): IDataObject {
	const fields = Array.from({ length: count }, (_, index) => [
		`x-${String(index)}`,
		'a'.repeat(80),
	]);
	return Object.fromEntries(fields) as IDataObject;
}

function toHtmlItem(html: string): IDataObject {
	return { ...USUAL_ITEM, text: '', html };
}
