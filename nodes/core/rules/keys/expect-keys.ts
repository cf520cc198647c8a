import { parseDuration, parseTimeOfDay } from '../../expected/expectation';
import type { Weekday } from '../rule';
import { choice, severalOf, textLike } from './kinds';
import { beyondAlertMagic, propertyKey } from './rule-key';
import type { RuleKey } from './rule-key';

const BEYOND = {
	only: 2,
	...beyondAlertMagic(
		'nobody is told when its mail does not come',
		'Remove what is expected of the rule.',
	),
} as const;

const DURATION = textLike(
	(text) => parseDuration(text) !== undefined,
	'Write a whole number with s, m, h or d, e.g. 24h.',
);
const TIME_OF_DAY = textLike(
	(text) => parseTimeOfDay(text) !== undefined,
	'Write hours and minutes, e.g. 07:30.',
);

/** The keys of `Expect`: when the mail of a rule has to come. */
export const EXPECT_KEYS: readonly RuleKey[] = [
	propertyKey({
		json: 'Expect.Every',
		form: 'expectEvery',
		label: 'Expect Mail Every',
		description:
			'Longest time from one mail of the rule to the next. When none comes, the Health output says missing.',
		placeholder: 'e.g. 24h',
		...BEYOND,
		kind: DURATION,
	}),
	propertyKey({
		json: 'Expect.By',
		form: 'expectBy',
		label: 'Expect Mail By',
		description:
			'Time of day, in the time zone of the workflow, by which a mail of the rule has to come. When none does, the Health output says missing.',
		placeholder: 'e.g. 07:30',
		...BEYOND,
		kind: TIME_OF_DAY,
	}),
	propertyKey({
		json: 'Expect.On',
		form: 'expectOn',
		label: 'Expect Mail On',
		description: 'Days on which it has to come by that time; all unless chosen',
		...BEYOND,
		kind: severalOf<Weekday>([
			choice('Mon', 'Monday'),
			choice('Tue', 'Tuesday'),
			choice('Wed', 'Wednesday'),
			choice('Thu', 'Thursday'),
			choice('Fri', 'Friday'),
			choice('Sat', 'Saturday'),
			choice('Sun', 'Sunday'),
		]),
	}),
	propertyKey({
		json: 'Expect.Grace',
		form: 'expectGrace',
		label: 'Expect Mail Grace',
		description: 'How much later it may come before it is missing; 10m unless given',
		placeholder: 'e.g. 2h',
		...BEYOND,
		kind: DURATION,
	}),
];
