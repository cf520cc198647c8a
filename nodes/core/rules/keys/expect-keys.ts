import { parseDuration, parseTimeOfDay } from '../../expected/expectation';
import type { Weekday } from '../rule';
import { severalOf, textLike } from './kinds';
import { beyondAlertMagic, defineKey } from './rule-key';
import type { RuleKey } from './rule-key';

const BEYOND = {
	only: 2,
	...beyondAlertMagic({
		effect: 'nobody is told when its mail does not come',
		remedy: 'Remove what is expected of the rule.',
	}),
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
	defineKey(
		{
			json: 'Expect.Every',
			form: 'expectEvery',
			label: 'Expect Mail Every',
			description:
				'Longest time from one mail of the rule to the next. When none comes, the Health output says missing.',
			placeholder: 'e.g. 24h',
			...BEYOND,
		},
		DURATION,
		{ set: (expectEvery) => ({ expectEvery }), get: ({ expectEvery }) => expectEvery },
	),
	defineKey(
		{
			json: 'Expect.By',
			form: 'expectBy',
			label: 'Expect Mail By',
			description:
				'Time of day, in the time zone of the workflow, by which a mail of the rule has to come. When none does, the Health output says missing.',
			placeholder: 'e.g. 07:30',
			...BEYOND,
		},
		TIME_OF_DAY,
		{ set: (expectBy) => ({ expectBy }), get: ({ expectBy }) => expectBy },
	),
	defineKey(
		{
			json: 'Expect.On',
			form: 'expectOn',
			label: 'Expect Mail On',
			description: 'Days on which it has to come by that time; all unless chosen',
			...BEYOND,
		},
		severalOf<Weekday>([
			{ json: 'Mon', value: 'mon', label: 'Monday' },
			{ json: 'Tue', value: 'tue', label: 'Tuesday' },
			{ json: 'Wed', value: 'wed', label: 'Wednesday' },
			{ json: 'Thu', value: 'thu', label: 'Thursday' },
			{ json: 'Fri', value: 'fri', label: 'Friday' },
			{ json: 'Sat', value: 'sat', label: 'Saturday' },
			{ json: 'Sun', value: 'sun', label: 'Sunday' },
		]),
		{ set: (expectOn) => ({ expectOn }), get: ({ expectOn }) => expectOn },
	),
	defineKey(
		{
			json: 'Expect.Grace',
			form: 'expectGrace',
			label: 'Expect Mail Grace',
			description: 'How much later it may come before it is missing; 10m unless given',
			placeholder: 'e.g. 2h',
			...BEYOND,
		},
		DURATION,
		{ set: (expectGrace) => ({ expectGrace }), get: ({ expectGrace }) => expectGrace },
	),
];
