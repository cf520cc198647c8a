/*
 * What can be done to rules without a mailbox: from AlertMagic's JSON into the form, back, and a first draft from messages.
 */
import type { Resource } from '../operation';
import { EXPORT } from './export.operation';
import { IMPORT } from './import.operation';
import { SUGGEST } from './suggest.operation';

export const RULES_RESOURCE: Resource = {
	value: 'rules',
	name: 'Rules',
	operations: [EXPORT, IMPORT, SUGGEST],
	defaultOperation: 'importAlertMagic',
};
