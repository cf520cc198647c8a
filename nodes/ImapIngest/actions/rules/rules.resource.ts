import type { Resource } from '../operation';
import { EXPORT } from './export.operation';
import { IMPORT } from './import.operation';

export const RULES_RESOURCE: Resource = {
	value: 'rules',
	name: 'Rules',
	operations: [EXPORT, IMPORT],
	defaultOperation: 'importAlertMagic',
};
